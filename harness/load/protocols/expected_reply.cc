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

std::size_t ExpectedReply::whole_in(std::string_view bytes) const {
    std::size_t at = 0;
    for (std::size_t index = 0; index < segment_count_; ++index) {
        const ReplySegment& segment = segments_[index];
        if (segment.kind != ReplySegment::Kind::text || segment.size_bytes > bytes.size() - at) return 0;
        const char* const got = bytes.data() + at;
        if (std::memcmp(got, segment.text, segment.size_bytes) != 0 &&
            (segment.other == nullptr || std::memcmp(got, segment.other, segment.size_bytes) != 0))
            return 0;
        at += segment.size_bytes;
    }
    return at;
}

std::optional<std::size_t> ReplyCursor::advance(const ExpectedReply& reply, std::string_view bytes) {
    std::size_t used = 0;
    while (segment_ < reply.segment_count()) {
        const ReplySegment& segment = reply.segment(segment_);
        const std::string_view rest = bytes.substr(used);
        const auto taken = segment.kind == ReplySegment::Kind::text    ? advance_text(segment, rest)
                           : segment.kind == ReplySegment::Kind::ruled ? advance_ruled(*segment.rule, rest)
                                                                       : advance_headers(segment, rest);
        if (!taken) return std::nullopt;
        used += *taken;
        if (!segment_over_) break;
        ++segment_;
        segment_over_ = false;
    }
    return used;
}

std::optional<std::size_t> ReplyCursor::advance_text(const ReplySegment& segment, std::string_view bytes) {
    const std::size_t piece = std::min(segment.size_bytes - in_segment_, bytes.size());
    const char* const got = bytes.data();
    may_be_text_ = may_be_text_ && std::memcmp(got, segment.text + in_segment_, piece) == 0;
    if (!may_be_text_ || in_segment_ + piece < segment.size_bytes)
        may_be_other_ = may_be_other_ && segment.other != nullptr && std::memcmp(got, segment.other + in_segment_, piece) == 0;
    if (!may_be_text_ && !may_be_other_) return std::nullopt;
    in_segment_ += piece;
    offset_bytes_ += piece;
    if (in_segment_ < segment.size_bytes) return piece;
    segment_over_ = true;
    in_segment_ = 0;
    may_be_text_ = may_be_other_ = true;
    return piece;
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
            if (passed_bytes_ > segment.size_bytes) fault_ = "its Content-Length is more than a reply may have";
        }
        if (fault_ != nullptr) return std::nullopt;
    }
    const std::size_t passed = std::min<std::size_t>(passed_bytes_, bytes.size() - used);
    passed_bytes_ -= passed;
    used += passed;
    offset_bytes_ += used;
    segment_over_ = headers_.complete() && passed_bytes_ == 0;
    return used;
}

std::optional<std::size_t> ReplyCursor::advance_ruled(const ReplyRule& rule, std::string_view bytes) {
    const std::size_t used = rule.kind == ReplyRule::Kind::until    ? advance_until(rule, bytes)
                             : rule.kind == ReplyRule::Kind::length ? advance_length(rule, bytes)
                                                                    : bytes.size();
    if (rule.kind == ReplyRule::Kind::datagram) {
        offset_bytes_ += used;
        segment_over_ = true;  // bytes come as the datagram that they came in
    }
    if (fault_ == nullptr && offset_bytes_ > rule.bytes_max) fault_ = "it has more bytes than a reply may have";
    if (fault_ != nullptr) return std::nullopt;
    return used;
}

std::size_t ReplyCursor::advance_until(const ReplyRule& rule, std::string_view bytes) {
    const std::string& delimiter = rule.delimiter;
    std::size_t used = 0;
    while (used < bytes.size() && matched_bytes_ < delimiter.size()) {
        if (matched_bytes_ == 0) {
            used = std::min(bytes.find(delimiter.front(), used), bytes.size());
            if (used == bytes.size()) break;
        }
        if (bytes[used] == delimiter[matched_bytes_]) {
            ++matched_bytes_;
            ++used;
        } else {
            matched_bytes_ = rule.delimiter_restarts[matched_bytes_ - 1];
        }
    }
    offset_bytes_ += used;
    segment_over_ = matched_bytes_ == delimiter.size();
    return used;
}

std::size_t ReplyCursor::advance_length(const ReplyRule& rule, std::string_view bytes) {
    const std::size_t length_end = rule.length_at + rule.length_format.width_bytes;
    std::size_t used = 0;
    for (; used < bytes.size() && offset_bytes_ < length_end; ++used, ++offset_bytes_) {
        if (offset_bytes_ < rule.length_at) continue;
        const std::uint64_t byte = static_cast<unsigned char>(bytes[used]);
        const std::size_t place = offset_bytes_ - rule.length_at;
        length_ = rule.length_format.big_endian ? length_ << 8 | byte : length_ | byte << (8 * place);
    }
    if (offset_bytes_ < length_end) return used;
    if (!whole_bytes_) read_length(rule);
    if (fault_ != nullptr) return used;
    const std::size_t passed = std::min<std::size_t>(*whole_bytes_ - offset_bytes_, bytes.size() - used);
    offset_bytes_ += passed;
    segment_over_ = offset_bytes_ == *whole_bytes_;
    return used + passed;
}

void ReplyCursor::read_length(const ReplyRule& rule) {
    if (length_ > 2 * reply_bytes_max_most) {
        fault_ = "the length in it is more than a reply may have";
        return;
    }
    const std::int64_t whole = static_cast<std::int64_t>(length_) + rule.length_added;
    if (whole < static_cast<std::int64_t>(offset_bytes_))
        fault_ = "the length in it ends before the length does";
    else if (static_cast<std::uint64_t>(whole) > rule.bytes_max)
        fault_ = "the length in it is more than a reply may have";
    else
        whole_bytes_ = static_cast<std::uint64_t>(whole);
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
