// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/process_image.h"

#include <fstream>
#include <sstream>

#include "core/error.h"

namespace tare {
namespace {

std::shared_ptr<const CodeFile> opened(pid_t pid, const CodeMapping& mapping, CodeFiles& files) {
    if (mapping.file.empty()) return nullptr;
    const auto known = files.find(mapping.file);
    if (known != files.end()) return known->second;
    std::shared_ptr<const CodeFile> file;
    try {
        file = std::make_shared<const CodeFile>(pid, mapping);
    } catch (const Error&) {
        file = nullptr;  // its frames are unknown then, and counted all the same
    }
    return files.emplace(mapping.file, file).first->second;
}

}  // namespace

bool ProcessImage::look(pid_t pid, CodeFiles& files) {
    bool is_new = false;
    for (const CodeRange& range : code_ranges(pid)) {
        const Mapped mapped{range.end, range.offset, opened(pid, range.mapping, files)};
        auto place = code_.lower_bound(range.begin);
        if (place != code_.end() && place->first == range.begin && place->second == mapped) continue;
        is_new = true;
        if (place != code_.begin() && std::prev(place)->second.end > range.begin) --place;
        while (place != code_.end() && place->first < range.end) place = code_.erase(place);
        code_.emplace(range.begin, mapped);
    }
    return is_new;
}

std::uint64_t start_of_stack(pid_t pid) {
    // proc(5): the name in parentheses may hold anything; startstack is the 28th field, the state after the name the third.
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string text;
    if (!std::getline(stat, text)) return 0;
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 28; ++field) fields >> skipped;
    std::uint64_t address = 0;
    fields >> address;
    return address;
}

}  // namespace tare
