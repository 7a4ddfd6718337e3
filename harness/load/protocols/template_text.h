// SPDX-License-Identifier: Apache-2.0
// A text with placeholders, as a suite's [protocol.NAME] writes requests and replies: {key}, {value}, {value_bytes}, {n} and
// {rest_bytes}, with \xHH for any byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tare {

// How a number is written.
struct NumberFormat {
    std::size_t width_bytes = 0;  // 0: as decimal digits
    bool big_endian = true;
};

class TemplateText {
public:
    enum class Kind : std::uint8_t {
        literal,
        key,
        value,
        value_bytes,
        number,      // of the key, from 0: {n}
        rest_bytes,  // how many bytes of the text come after this one; written as bytes only
    };
    struct Piece {
        Kind kind = Kind::literal;
        NumberFormat format = {};
        std::string text = {};  // of a literal
    };

    TemplateText() = default;
    // `{{` and `}}` are braces; \xHH, \r, \n, \t, \0 and \\ are bytes; a number may end in `:u8`, `:u16be`, `:u16le`, `:u32be`,
    // `:u32le`, `:u64be` or `:u64le`. Throws usage_error that says what is wrong and what is allowed.
    explicit TemplateText(std::string_view text);

    const std::vector<Piece>& pieces() const { return pieces_; }
    bool empty() const { return pieces_.empty(); }
    bool has(Kind kind) const;
    // Bytes that it has at least: those of its literals and of numbers of a fixed width, and one for each other piece but a
    // value.
    std::size_t least_bytes() const;

private:
    std::vector<Piece> pieces_;
};

// The bytes of a literal text, in which the same escapes are allowed and no placeholder. Throws as the constructor does.
std::string literal_bytes(std::string_view text);

// Appends the number. A width that it does not fit into holds its lowest bytes.
void append_number(std::string& to, std::uint64_t number, NumberFormat format);

}  // namespace tare
