// SPDX-License-Identifier: Apache-2.0
#include "harness/stat/coverage.h"

#include <algorithm>

#include "core/error.h"
#include "harness/running_process.h"

namespace tare {

Coverage::Coverage(pid_t root, std::vector<Covered> probes) : root_(root), probes_(std::move(probes)), gaps_(probes_.size()) {}

void Coverage::executed(pid_t pid) {
    const auto former = images_.find(pid);
    if (former != images_.end()) close(former->second);
    images_.insert_or_assign(pid, new_image());
    look(pid);
}

void Coverage::mapped(pid_t pid) { look(pid); }

void Coverage::forked(pid_t pid) {
    has_children_ = true;
    look(pid);
}

void Coverage::ended(pid_t pid) {
    const auto image = images_.find(pid);
    if (image == images_.end()) return;
    close(image->second);
    images_.erase(image);
}

void Coverage::look(pid_t pid) {
    Image& image = images_.try_emplace(pid, new_image()).first->second;
    try {
        for (const CodeMapping& mapping : code_mappings(pid)) show(pid, mapping, image);
    } catch (const Error& error) {
        if (image.shown.empty() && has_ended(pid))
            images_.erase(pid);  // what it ran is known from elsewhere, or missed there
        else
            miss(error.what());
    }
}

void Coverage::miss(const std::string& reason) {
    for (std::optional<std::string>& gap : gaps_) {
        if (!gap) gap = reason;
    }
}

void Coverage::demand_functions() {
    for (const auto& [pid, image] : images_) close(image);
}

bool Coverage::has_looked_at(std::uint64_t inode, const std::string& name) const {
    const std::string end = " " + std::to_string(inode);
    return std::any_of(files_.begin(), files_.end(), [&](const auto& known) {
        const std::string& path = known.second.name();
        return known.first.ends_with(end) && path.substr(path.rfind('/') + 1).starts_with(name);
    });
}

void Coverage::show(pid_t pid, const CodeMapping& mapping, Image& image) {
    if (mapping.is_program) image.name = mapping.name;
    if (!image.shown.insert(mapping.file).second) return;
    const CodeFile& file = opened(pid, mapping);
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        try {
            if (!probes_[index].probe->cover(pid, file, pid == root_ ? Reach::root : Reach::others)) continue;
            image.defined[index] = true;
            find_late(pid, mapping, index);
        } catch (const Error& error) {
            image.defined[index] = true;  // said why it is not covered
            if (!gaps_[index]) gaps_[index] = error.what();
        }
    }
}

void Coverage::close(const Image& image) {
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        if (!image.defined[index] && !gaps_[index])
            gaps_[index] = image.name + ": no file that it runs code from defines " + probes_[index].function +
                           "; what it does instead is not seen";
    }
}

void Coverage::find_late(pid_t pid, const CodeMapping& mapping, std::size_t probe) {
    if (!late_.contains(mapping.file) || gaps_[probe]) return;
    gaps_[probe] = "process " + std::to_string(pid) + " loaded " + mapping.name + ", which defines " + probes_[probe].function +
                   ", while it was counted: its first calls were not seen; attach again, now that it is loaded";
}

const CodeFile& Coverage::opened(pid_t pid, const CodeMapping& mapping) {
    const auto known = files_.find(mapping.file);
    if (known != files_.end()) return known->second;
    if (sealed_) late_.insert(mapping.file);
    return files_.emplace(mapping.file, CodeFile(pid, mapping)).first->second;
}

}  // namespace tare
