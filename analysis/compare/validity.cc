// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/validity.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace tare::compare {

std::map<std::string, std::size_t> marks_in(const Windows& windows) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [repetition, window] : windows) {
        std::string_view left = window.marks;
        while (!left.empty()) {
            const std::string_view mark = left.substr(0, left.find(", "));
            ++counts[std::string(mark)];
            left.remove_prefix(std::min(left.size(), mark.size() + 2));
        }
    }
    return counts;
}

std::size_t marked_count(const Windows& windows) {
    return static_cast<std::size_t>(
        std::count_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.marks.empty(); }));
}

std::string marks_text(const Windows& windows) {
    std::string text;
    for (const auto& [mark, count] : marks_in(windows))
        text += fmt::format("{}{} in {} of {} windows", text.empty() ? "" : ", ", mark, count, windows.size());
    return text;
}

std::string marks_text(const Row& row) {
    const std::string base = marks_text(row.base);
    const std::string head = marks_text(row.head);
    return fmt::format("{}{}{}{}{}", base.empty() ? "" : "base: ", base, base.empty() || head.empty() ? "" : "; ",
                       head.empty() ? "" : "head: ", head);
}

// Of times marked windows are left out, and a note has their marks.
std::vector<std::string> notes_with_marks(const Judged& judged) {
    std::vector<std::string> notes = judged.notes;
    const std::string marks = judged.row.quantity.metric.ends_with("_ns") ? "" : marks_text(judged.row);
    if (!marks.empty()) notes.push_back("marked: " + marks);
    return notes;
}

std::size_t absent_count(const Windows& windows) {
    return static_cast<std::size_t>(
        std::count_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.reading.present(); }));
}

std::string absence_text(const Windows& windows) {
    if (windows.empty()) return "not in this run";
    const std::size_t absent = absent_count(windows);
    if (absent == 0) return "";
    const auto first =
        std::find_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.reading.present(); });
    const std::string& reason = first->second.reading.reason();
    if (absent == windows.size()) return "absent: " + reason;
    return fmt::format("absent in {} of {} windows: {}", absent, windows.size(), reason);
}

}  // namespace tare::compare
