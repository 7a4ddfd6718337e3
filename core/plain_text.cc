// SPDX-License-Identifier: Apache-2.0
#include "core/plain_text.h"

#include <fmt/format.h>
#include <utf8.h>

#include <cstdint>
#include <iterator>

namespace tare {
namespace {

bool between(std::uint32_t code, std::uint32_t least, std::uint32_t most) { return least <= code && code <= most; }

// C0 and C1 controls; line and paragraph separator; marks that turn or hide what is written; no characters in XML 1.0.
bool is_harmful(std::uint32_t code) {
    return code < 0x20 || between(code, 0x7f, 0x9f) || between(code, 0x200b, 0x200f) || between(code, 0x2028, 0x202e) ||
           between(code, 0x2060, 0x206f) || code == 0x61c || code == 0xfeff || (code & 0xfffe) == 0xfffe;
}

}  // namespace

std::string plain(std::string_view text) {
    std::string valid;
    utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid), 0xfffd);
    std::string safe;
    for (auto place = valid.cbegin(); place != valid.cend();) {
        const auto begin = place;
        const std::uint32_t code = utf8::next(place, valid.cend());
        if (!is_harmful(code))
            safe.append(begin, place);
        else if (code < 0x100)
            safe += fmt::format("\\x{:02x}", code);
        else
            safe += fmt::format("\\u{:04x}", code);
    }
    return safe;
}

std::string plain_lines(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        const std::size_t line_end = text.find('\n');
        lines += plain(text.substr(0, line_end));
        if (line_end == std::string_view::npos) break;
        lines += '\n';
        text.remove_prefix(line_end + 1);
    }
    return lines;
}

}  // namespace tare
