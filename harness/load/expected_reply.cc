// SPDX-License-Identifier: Apache-2.0
#include "harness/load/expected_reply.h"

#include <algorithm>
#include <cstring>

namespace tare {

std::size_t ExpectedReply::size_bytes() const {
    std::size_t sum = 0;
    for (std::size_t index = 0; index < segment_count_; ++index) sum += segments_[index].size_bytes;
    return sum;
}

std::string ExpectedReply::text() const {
    std::string all;
    for (std::size_t index = 0; index < segment_count_; ++index) all.append(segments_[index].text, segments_[index].size_bytes);
    return all;
}

std::optional<std::size_t> ReplyCursor::advance(const ExpectedReply& reply, std::string_view bytes) {
    std::size_t used = 0;
    while (segment_ < reply.segment_count()) {
        const ReplySegment& segment = reply.segment(segment_);
        const std::size_t piece = std::min(segment.size_bytes - in_segment_, bytes.size() - used);
        const char* const got = bytes.data() + used;
        may_be_text_ = may_be_text_ && std::memcmp(got, segment.text + in_segment_, piece) == 0;
        if (!may_be_text_ || in_segment_ + piece < segment.size_bytes)
            may_be_other_ =
                may_be_other_ && segment.other != nullptr && std::memcmp(got, segment.other + in_segment_, piece) == 0;
        if (!may_be_text_ && !may_be_other_) return std::nullopt;
        used += piece;
        in_segment_ += piece;
        if (in_segment_ < segment.size_bytes) break;
        ++segment_;
        in_segment_ = 0;
        may_be_text_ = may_be_other_ = true;
    }
    return used;
}

std::size_t ReplyCursor::offset_bytes(const ExpectedReply& reply) const {
    std::size_t sum = in_segment_;
    for (std::size_t index = 0; index < segment_; ++index) sum += reply.segment(index).size_bytes;
    return sum;
}

}  // namespace tare
