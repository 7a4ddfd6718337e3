// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/annotations.h"

#include <fmt/format.h>

#include <string_view>

#include "core/plain_text.h"

namespace tare::annotations {
namespace {

constexpr std::size_t most_shown = 10;

std::string escaped(std::string_view text, std::string_view specials) {
    std::string safe;
    for (const char character : plain(text)) {
        if (specials.find(character) != std::string_view::npos)
            safe += fmt::format("%{:02X}", static_cast<unsigned char>(character));
        else
            safe += character;
    }
    return safe;
}

}  // namespace

std::string line(const char* level, const std::string& title, const std::string& message, const Place& place) {
    constexpr std::string_view of_properties = "%\r\n:,";
    std::string properties;
    if (!place.file.empty()) properties += fmt::format("file={},", escaped(place.file, of_properties));
    if (place.line > 0) properties += fmt::format("line={},", place.line);
    return fmt::format("::{} {}title={}::{}\n", level, properties, escaped(title, of_properties), escaped(message, "%\r\n"));
}

std::string limited(const std::vector<std::string>& lines, const char* level) {
    std::string text;
    const std::size_t shown = lines.size() > most_shown ? most_shown - 1 : lines.size();
    for (std::size_t index = 0; index < shown; ++index) text += lines[index];
    if (shown < lines.size()) text += line(level, "tare", fmt::format("and {} more like these", lines.size() - shown));
    return text;
}

}  // namespace tare::annotations
