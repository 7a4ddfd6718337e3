// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.1 reply after its status code, read however it was cut: up to the empty line, it looks for the length
// of the body and passes over every other header, which may differ from reply to reply.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tare {

class HttpHeaders {
public:
    // Takes bytes up to the empty line's end; returns how many.
    std::size_t advance(std::string_view bytes);
    bool complete() const { return complete_; }
    // What makes it a head whose body's end cannot be known, in words; nullptr while there is nothing. Once complete, a missing
    // length is such.
    const char* fault() const { return fault_; }
    // Only when complete and without a fault.
    std::uint64_t content_bytes() const { return *content_bytes_; }

private:
    void end_line();

    std::array<char, 40> line_{};  // its begin: all of a line that says a length
    std::uint32_t line_bytes_ = 0;
    std::uint32_t head_bytes_ = 0;
    bool status_line_ = true;
    bool complete_ = false;
    std::optional<std::uint64_t> content_bytes_;
    const char* fault_ = nullptr;
};

}  // namespace tare
