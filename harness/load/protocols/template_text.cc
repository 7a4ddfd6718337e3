// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/template_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/error.h"

namespace tare {
namespace {

using Kind = TemplateText::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 5> placeholders{{{"key", Kind::key},
                                                                         {"value", Kind::value},
                                                                         {"value_bytes", Kind::value_bytes},
                                                                         {"n", Kind::number},
                                                                         {"rest_bytes", Kind::rest_bytes}}};
constexpr std::array<std::pair<std::string_view, NumberFormat>, 7> formats{{{"u8", {1, true}},
                                                                            {"u16be", {2, true}},
                                                                            {"u16le", {2, false}},
                                                                            {"u32be", {4, true}},
                                                                            {"u32le", {4, false}},
                                                                            {"u64be", {8, true}},
                                                                            {"u64le", {8, false}}}};

template <class Table>
auto found_in(const Table& table, std::string_view name) {
    return std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == name; });
}

// Takes the escape that begins at `at`, behind its backslash; moves `at` to the last byte of it.
char unescaped(std::string_view text, std::size_t& at) {
    constexpr std::string_view letters = "rnt0\\";
    constexpr std::string_view meant("\r\n\t\0\\", 5);
    const std::size_t letter = at < text.size() ? letters.find(text[at]) : std::string_view::npos;
    if (letter != std::string_view::npos) return meant[letter];
    std::uint8_t byte = 0;
    if (at + 2 < text.size() && text[at] == 'x') {
        const char* const digits = text.data() + at + 1;
        const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
        if (error == std::errc{} && end == digits + 2) {
            at += 2;
            return static_cast<char>(byte);
        }
    }
    throw usage_error(R"(a backslash that is none of \xHH, \r, \n, \t, \0, \\)");
}

TemplateText::Piece placeholder(std::string_view inside) {
    const std::size_t colon = inside.find(':');
    const std::string_view name = inside.substr(0, colon);
    const auto* const known = found_in(placeholders, name);
    if (known == placeholders.end())
        throw usage_error(
            fmt::format("unknown placeholder {{{}}}; there are: {{key}}, {{value}}, {{value_bytes}}, {{n}}, "
                        "{{rest_bytes}}; a brace by itself is written twice",
                        inside));
    TemplateText::Piece piece{known->second};
    const bool is_number = piece.kind == Kind::value_bytes || piece.kind == Kind::number || piece.kind == Kind::rest_bytes;
    if (colon != std::string_view::npos) {
        const auto* const format = found_in(formats, inside.substr(colon + 1));
        if (!is_number || format == formats.end())
            throw usage_error(
                fmt::format("{{{}}}: only numbers have a format, which is u8, u16be, u16le, u32be, u32le, u64be or "
                            "u64le",
                            inside));
        piece.format = format->second;
    }
    if (piece.kind == Kind::rest_bytes && piece.format.width_bytes == 0)
        throw usage_error("{rest_bytes} needs a format, such as {rest_bytes:u32be}: its own digits would change what it counts");
    return piece;
}

}  // namespace

TemplateText::TemplateText(std::string_view text) {
    std::string literal;
    const auto end_literal = [&] {
        if (!literal.empty()) pieces_.push_back({Kind::literal, {}, std::exchange(literal, {})});
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char byte = text[at];
        if (byte == '\\') {
            literal += unescaped(text, ++at);
        } else if ((byte == '{' || byte == '}') && at + 1 < text.size() && text[at + 1] == byte) {
            literal += byte;
            ++at;
        } else if (byte == '{') {
            const std::size_t end = text.find('}', at);
            if (end == std::string_view::npos) throw usage_error("a '{' that is not closed; a brace by itself is written twice");
            end_literal();
            pieces_.push_back(placeholder(text.substr(at + 1, end - at - 1)));
            at = end;
        } else if (byte == '}') {
            throw usage_error("a '}' that closes nothing; a brace by itself is written twice");
        } else {
            literal += byte;
        }
    }
    end_literal();
}

bool TemplateText::has(Kind kind) const {
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& piece) { return piece.kind == kind; });
}

std::size_t TemplateText::least_bytes() const {
    std::size_t sum = 0;
    for (const Piece& piece : pieces_) {
        if (piece.kind == Kind::literal)
            sum += piece.text.size();
        else if (piece.kind != Kind::value)
            sum += std::max<std::size_t>(1, piece.format.width_bytes);
    }
    return sum;
}

std::string literal_bytes(std::string_view text) {
    const TemplateText parsed(text);
    std::string bytes;
    for (const TemplateText::Piece& piece : parsed.pieces()) {
        if (piece.kind != Kind::literal) throw usage_error("a placeholder where only bytes can stand");
        bytes += piece.text;
    }
    return bytes;
}

void append_number(std::string& to, std::uint64_t number, NumberFormat format) {
    if (format.width_bytes == 0) {
        std::array<char, 20> digits;
        const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
        to.append(digits.data(), end);
        return;
    }
    for (std::size_t index = 0; index < format.width_bytes; ++index) {
        const std::size_t place = format.big_endian ? format.width_bytes - 1 - index : index;
        to += static_cast<char>(number >> (8 * place));
    }
}

}  // namespace tare
