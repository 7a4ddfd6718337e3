// SPDX-License-Identifier: Apache-2.0
// What a reply must be, as segments that are compared where they lie, and the place in it up to which a connection's bytes
// were found right. A protocol describes; the cursor compares, wherever the reads were cut. Of an HTTP reply's headers only
// the length is compared.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/operation.h"
#include "harness/load/protocols/http_headers.h"
#include "harness/load/protocols/reply_rule.h"

namespace tare {

// A value that was set over and over may be either of its two versions, of one size.
struct ReplySegment {
    enum class Kind : std::uint8_t {
        text,
        headers,           // of an HTTP reply, which must announce size_bytes
        headers_and_body,  // of any size up to size_bytes, which is passed over
        ruled,             // ends as `rule` says
    };
    const char* text = nullptr;
    const char* other = nullptr;  // nullptr: there is but one
    std::size_t size_bytes = 0;
    Kind kind = Kind::text;
    const ReplyRule* rule = nullptr;
};

class ExpectedReply {
public:
    // Of a get of mget_keys values: header, value, line end of each but that the line end joins the next header.
    static constexpr std::size_t segments_max = 2 * Workload::mget_keys + 1;
    static constexpr std::size_t room_bytes = Workload::mget_keys * 320;

    void clear() { segment_count_ = room_used_bytes_ = 0; }
    void add(std::string_view text) { segments_[segment_count_++] = {text.data(), nullptr, text.size()}; }
    void add_either(std::string_view text, const char* other) { segments_[segment_count_++] = {text.data(), other, text.size()}; }
    // The rest of an HTTP status line, and headers that announce a body of so many bytes.
    void add_headers(std::size_t content_bytes) {
        segments_[segment_count_++] = {nullptr, nullptr, content_bytes, ReplySegment::Kind::headers};
    }
    // The same with the body, of which nothing is known but that it has not more bytes.
    void add_headers_and_body(std::uint64_t bytes_max = reply_bytes_max_most) {
        segments_[segment_count_++] = {nullptr, nullptr, bytes_max, ReplySegment::Kind::headers_and_body};
    }
    // What is still to come ends as the rule says, which must outlive this.
    void add_ruled(const ReplyRule& rule) {
        segments_[segment_count_++] = {nullptr, nullptr, 0, ReplySegment::Kind::ruled, &rule};
    }
    // Of what may be either version, only this one is right.
    void settle(unsigned version) {
        for (std::size_t index = 0; index < segment_count_; ++index) {
            ReplySegment& segment = segments_[index];
            if (segment.other != nullptr && version == 1) segment.text = segment.other;
            segment.other = nullptr;
        }
    }
    // Room for text that the protocol writes for this reply alone.
    char* room(std::size_t size_bytes) {
        char* const begin = room_.data() + room_used_bytes_;
        room_used_bytes_ += size_bytes;
        return begin;
    }

    // Its size when `bytes` begin with all of it, compared where they lie; 0 when they do not, or when not every byte is known.
    std::size_t whole_in(std::string_view bytes) const;

    std::size_t segment_count() const { return segment_count_; }
    const ReplySegment& segment(std::size_t index) const { return segments_[index]; }
    // Without HTTP headers and what a rule ends, whose size is not known.
    std::size_t size_bytes() const;
    // All of it but these, with the first version of its values.
    std::string text() const;

private:
    std::array<ReplySegment, segments_max> segments_;
    std::array<char, room_bytes> room_;
    std::size_t segment_count_ = 0;
    std::size_t room_used_bytes_ = 0;
};

class ReplyCursor {
public:
    // Compares the begin of `bytes` with what is still to come of `reply`. Returns how many bytes belong to it, or nothing
    // when one is wrong. complete() then says whether the reply ended.
    std::optional<std::size_t> advance(const ExpectedReply& reply, std::string_view bytes);
    bool complete(const ExpectedReply& reply) const { return segment_ == reply.segment_count(); }
    // For the next reply.
    void restart() { *this = {}; }

    // Bytes of the reply that were found right.
    std::size_t offset_bytes() const { return offset_bytes_; }
    // What is wrong with an HTTP reply's headers, or with a length, in words; nullptr when it is a byte.
    const char* fault() const { return fault_; }

private:
    std::optional<std::size_t> advance_text(const ReplySegment& segment, std::string_view bytes);
    std::optional<std::size_t> advance_headers(const ReplySegment& segment, std::string_view bytes);
    std::optional<std::size_t> advance_ruled(const ReplyRule& rule, std::string_view bytes);
    std::size_t advance_until(const ReplyRule& rule, std::string_view bytes);
    std::size_t advance_length(const ReplyRule& rule, std::string_view bytes);
    void read_length(const ReplyRule& rule);

    std::size_t segment_ = 0;
    std::size_t in_segment_ = 0;
    bool segment_over_ = false;
    bool may_be_text_ = true;  // what the segment may still be, when it began in an earlier read
    bool may_be_other_ = true;
    HttpHeaders headers_;
    std::uint64_t passed_bytes_ = 0;            // of a body of which nothing is known
    std::size_t matched_bytes_ = 0;             // of a delimiter
    std::uint64_t length_ = 0;                  // as far as its bytes have come
    std::optional<std::uint64_t> whole_bytes_;  // of the reply, once its length is known
    std::size_t offset_bytes_ = 0;
    const char* fault_ = nullptr;
};

// What is wrong with the reply, in words: `cursor` stands before `bytes`, in which there is a wrong one.
std::string fault_in(ReplyCursor cursor, const ExpectedReply& reply, std::string_view bytes);

}  // namespace tare
