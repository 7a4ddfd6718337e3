// SPDX-License-Identifier: Apache-2.0
// What a reply must be, as segments that are compared where they lie, and the place in it up to which a connection's bytes
// were found right. A protocol describes; the cursor compares, wherever the reads were cut.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/operation.h"

namespace tare {

// A value that was set over and over may be either of its two versions, of one size.
struct ReplySegment {
    const char* text = nullptr;
    const char* other = nullptr;  // nullptr: there is but one
    std::size_t size_bytes = 0;
};

class ExpectedReply {
public:
    // Of a get of mget_keys values: header, value, line end of each but that the line end joins the next header.
    static constexpr std::size_t segments_max = 2 * Workload::mget_keys + 1;
    static constexpr std::size_t room_bytes = Workload::mget_keys * 320;

    void clear() { segment_count_ = room_used_bytes_ = 0; }
    void add(std::string_view text) { segments_[segment_count_++] = {text.data(), nullptr, text.size()}; }
    void add_either(std::string_view text, const char* other) { segments_[segment_count_++] = {text.data(), other, text.size()}; }
    // Room for text that the protocol writes for this reply alone.
    char* room(std::size_t size_bytes) {
        char* const begin = room_.data() + room_used_bytes_;
        room_used_bytes_ += size_bytes;
        return begin;
    }

    std::size_t segment_count() const { return segment_count_; }
    const ReplySegment& segment(std::size_t index) const { return segments_[index]; }
    std::size_t size_bytes() const;
    // All of it, with the first version of its values.
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
    std::size_t offset_bytes(const ExpectedReply& reply) const;

private:
    std::size_t segment_ = 0;
    std::size_t in_segment_ = 0;
    bool may_be_text_ = true;  // what the segment may still be, when it began in an earlier read
    bool may_be_other_ = true;
};

}  // namespace tare
