// SPDX-License-Identifier: Apache-2.0
#include "harness/stat/coverage.h"

#include "core/error.h"

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
        for (std::optional<std::string>& gap : gaps_) {
            if (!gap) gap = error.what();
        }
    }
}

void Coverage::show(pid_t pid, const CodeMapping& mapping, Image& image) {
    if (mapping.is_program) image.name = mapping.name;
    if (!image.shown.insert(mapping.file).second) return;
    const CodeFile& file = opened(pid, mapping);
    for (std::size_t index = 0; index < probes_.size(); ++index) {
        try {
            if (probes_[index].probe->cover(pid, file, pid == root_ ? Reach::root : Reach::others)) image.defined[index] = true;
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

const CodeFile& Coverage::opened(pid_t pid, const CodeMapping& mapping) {
    const auto known = files_.find(mapping.file);
    if (known != files_.end()) return known->second;
    return files_.emplace(mapping.file, CodeFile(pid, mapping)).first->second;
}

}  // namespace tare
