// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/expected_reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace tare {

std::size_t ExpectedReply::size_bytes() const {
    std::size_t sum = 0;
    for (std::size_t index = 0; index < segment_count_; ++index) {
        if (segments_[index].kind == ReplySegment::Kind::text) sum += segments_[index].size_bytes;
    }
    return sum;
}

std::string ExpectedReply::text() const {
    std::string all;
    for (std::size_t index = 0; index < segment_count_; ++index) {
        if (segments_[index].kind == ReplySegment::Kind::text) all.append(segments_[index].text, segments_[index].size_bytes);
    }
    return all;
}

std::optional<std::size_t> ReplyCursor::advance(const ExpectedReply& reply, std::string_view bytes) {
    std::size_t used = 0;
    while (segment_ < reply.segment_count()) {
        const ReplySegment& segment = reply.segment(segment_);
        if (segment.kind != ReplySegment::Kind::text) {
            const auto taken = advance_headers(segment, bytes.substr(used));
            if (!taken) return std::nullopt;
            used += *taken;
            if (!headers_.complete() || passed_bytes_ > 0) break;
            ++segment_;
            continue;
        }
        const std::size_t piece = std::min(segment.size_bytes - in_segment_, bytes.size() - used);
        const char* const got = bytes.data() + used;
        may_be_text_ = may_be_text_ && std::memcmp(got, segment.text + in_segment_, piece) == 0;
        if (!may_be_text_ || in_segment_ + piece < segment.size_bytes)
            may_be_other_ =
                may_be_other_ && segment.other != nullptr && std::memcmp(got, segment.other + in_segment_, piece) == 0;
        if (!may_be_text_ && !may_be_other_) return std::nullopt;
        used += piece;
        in_segment_ += piece;
        offset_bytes_ += piece;
        if (in_segment_ < segment.size_bytes) break;
        ++segment_;
        in_segment_ = 0;
        may_be_text_ = may_be_other_ = true;
    }
    return used;
}

std::optional<std::size_t> ReplyCursor::advance_headers(const ReplySegment& segment, std::string_view bytes) {
    const bool with_body = segment.kind == ReplySegment::Kind::headers_and_body;
    std::size_t used = 0;
    if (!headers_.complete()) {
        used = headers_.advance(bytes);
        fault_ = headers_.fault();
        if (fault_ == nullptr && headers_.complete()) {
            if (with_body)
                passed_bytes_ = headers_.content_bytes();
            else if (headers_.content_bytes() != segment.size_bytes)
                fault_ = "its Content-Length is not the value's";
        }
        if (fault_ != nullptr) return std::nullopt;
    }
    const std::size_t passed = std::min<std::size_t>(passed_bytes_, bytes.size() - used);
    passed_bytes_ -= passed;
    used += passed;
    offset_bytes_ += used;
    return used;
}

// Byte by byte over what is already known to hold the fault, to say where it is.
std::string fault_in(ReplyCursor cursor, const ExpectedReply& reply, std::string_view bytes) {
    for (const char& byte : bytes) {
        if (cursor.advance(reply, {&byte, 1})) continue;
        if (cursor.fault() != nullptr) return cursor.fault();
        return fmt::format("byte {} of {} is {:#04x}", cursor.offset_bytes(), reply.size_bytes(),
                           static_cast<unsigned char>(byte));
    }
    return "no byte of it by itself";
}

}  // namespace tare
