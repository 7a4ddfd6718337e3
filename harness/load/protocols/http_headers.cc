// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/http_headers.h"

#include <strings.h>

#include <algorithm>
#include <charconv>

namespace tare {
namespace {

constexpr std::uint32_t head_bytes_max = 65'536;

// What follows the header's name and colon, without the blanks before it.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
    if (line.size() <= name.size() || line[name.size()] != ':' || ::strncasecmp(line.data(), name.data(), name.size()) != 0)
        return std::nullopt;
    line.remove_prefix(name.size() + 1);
    line.remove_prefix(std::min(line.size(), line.find_first_not_of(" \t")));
    return line;
}

}  // namespace

std::size_t HttpHeaders::advance(std::string_view bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !complete_ && fault_ == nullptr) {
        const std::string_view rest = bytes.substr(used);
        const std::size_t line_end = rest.find('\n');
        const std::size_t piece = line_end == std::string_view::npos ? rest.size() : line_end;
        if (line_bytes_ < line_.size())
            std::copy_n(rest.begin(), std::min(piece, line_.size() - line_bytes_), line_.begin() + line_bytes_);
        line_bytes_ += static_cast<std::uint32_t>(piece);
        used += piece;
        if (line_end != std::string_view::npos) {
            ++used;
            end_line();
        }
        if (head_bytes_ + line_bytes_ > head_bytes_max) fault_ = "its headers do not end";
    }
    return used;
}

void HttpHeaders::end_line() {
    std::string_view line(line_.data(), std::min<std::size_t>(line_bytes_, line_.size()));
    if (line.size() == line_bytes_ && line.ends_with('\r')) line.remove_suffix(1);
    head_bytes_ += line_bytes_ + 1;
    line_bytes_ = 0;
    if (status_line_) {
        status_line_ = false;
    } else if (line.empty()) {
        complete_ = true;
        if (!content_bytes_ && fault_ == nullptr) fault_ = "it has no Content-Length";
    } else if (value_of(line, "transfer-encoding")) {
        fault_ = "it has a Transfer-Encoding (chunked), no Content-Length";
    } else if (const auto length = value_of(line, "content-length")) {
        std::uint64_t bytes = 0;
        const auto [at, error] = std::from_chars(length->data(), length->data() + length->size(), bytes);
        if (error != std::errc{} || at != length->data() + length->size() || content_bytes_)
            fault_ = "its Content-Length is not one number";
        content_bytes_ = bytes;
    }
}

}  // namespace tare
