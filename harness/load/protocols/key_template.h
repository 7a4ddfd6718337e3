// SPDX-License-Identifier: Apache-2.0
// A text in which a key stands, of which only the digits change: a letter, zeros and the key's number. Every protocol
// writes its requests and replies from these.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace tare {

class KeyTemplate {
public:
    KeyTemplate() = default;
    // `key_bytes` counts the letter; the number must fit into the rest.
    KeyTemplate(const std::string& before, char letter, std::uint64_t key_bytes, const std::string& after)
        : text_(before + letter + std::string(key_bytes - 1, '0') + after), digits_end_(before.size() + key_bytes) {}

    std::size_t size_bytes() const { return text_.size(); }

    void append(std::string& to, std::uint64_t key) const {
        const std::size_t begin = to.size();
        to += text_;
        write_digits(to.data() + begin + digits_end_, key);
    }
    // Writes size_bytes().
    void write(char* to, std::uint64_t key) const {
        std::copy(text_.begin(), text_.end(), to);
        write_digits(to + digits_end_, key);
    }

private:
    // The zeros before the number stand in the text already.
    static void write_digits(char* end, std::uint64_t number) {
        do {
            *--end = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number > 0);
    }

    std::string text_;
    std::size_t digits_end_ = 0;
};

}  // namespace tare
