// SPDX-License-Identifier: Apache-2.0
#include "core/nearest_name.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <limits>

namespace tare {
namespace {

constexpr std::size_t letters_a_slip = 3;    // so many letters of a name may have one slip among them
constexpr std::size_t prefix_bytes_min = 2;  // what is shorter begins too many names

bool is_same_letter(char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
}

// The optimal string alignment distance, with the last three rows of its table.
std::size_t slips_between(std::string_view left, std::string_view right) {
    const std::size_t width = right.size() + 1;
    std::vector<std::size_t> before_last(width);
    std::vector<std::size_t> last(width);
    std::vector<std::size_t> row(width);
    for (std::size_t column = 0; column < width; ++column) last[column] = column;
    for (std::size_t line = 1; line <= left.size(); ++line) {
        row[0] = line;
        for (std::size_t column = 1; column < width; ++column) {
            const std::size_t other = is_same_letter(left[line - 1], right[column - 1]) ? 0 : 1;
            row[column] = std::min({last[column] + 1, row[column - 1] + 1, last[column - 1] + other});
            if (line > 1 && column > 1 && is_same_letter(left[line - 1], right[column - 2]) &&
                is_same_letter(left[line - 2], right[column - 1]))
                row[column] = std::min(row[column], before_last[column - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[width - 1];
}

// Those that `wrong` may be the begin of.
std::vector<std::string_view> begun_by(std::string_view wrong, const std::vector<std::string_view>& names) {
    std::vector<std::string_view> begun;
    if (wrong.size() < prefix_bytes_min) return begun;
    std::copy_if(names.begin(), names.end(), std::back_inserter(begun),
                 [&](std::string_view name) { return name.starts_with(wrong); });
    return begun;
}

}  // namespace

std::string nearest_name(std::string_view wrong, const std::vector<std::string_view>& names) {
    constexpr std::size_t size_max = 200;  // a text that nobody types; the distance takes the square of it
    if (wrong.size() > size_max) return "";
    const std::vector<std::string_view> begun = begun_by(wrong, names);
    if (begun.size() > 1) return "";  // whichever was meant, it is not another
    std::size_t least = std::numeric_limits<std::size_t>::max();
    std::string_view nearest;
    for (const std::string_view name : names) {
        const std::size_t slips = slips_between(wrong, name);
        if (slips >= least) continue;
        least = slips;
        nearest = name;
    }
    // As many slips as letters make any name of any other.
    const std::size_t slips_max = std::max<std::size_t>(1, wrong.size() / letters_a_slip);
    if (least <= slips_max && least < std::min(wrong.size(), nearest.size())) return std::string(nearest);
    return begun.empty() ? "" : std::string(begun.front());
}

std::string did_you_mean(std::string_view wrong, const std::vector<std::string_view>& names) {
    const std::string nearest = nearest_name(wrong, names);
    return nearest.empty() ? "" : "; did you mean '" + nearest + "'?";
}

}  // namespace tare
