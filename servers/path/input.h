// SPDX-License-Identifier: Apache-2.0
// The Input decision: what the parser reads from.
#pragma once

#include <string_view>

#include "core/counts.h"
#include "servers/path/grown_bytes.h"

namespace tare {

// Reference document, Optimization Opportunities, "Eliminate input_copy.to_vec()": the accumulated bytes are copied into a fresh
// vector, once for each read that is served, and parsed there.
class CopiedInput {
public:
    explicit CopiedInput(std::string_view accumulated) : copy_(accumulated.size()) {
        copy_.append(CopyEdge::accum_to_input, accumulated);
    }
    std::string_view view() const { return copy_.view(); }

    static constexpr Counts cost(std::size_t input_bytes) {
        return Counts{}.allocation(AllocationSite::input_copy, input_bytes).copy(CopyEdge::accum_to_input, input_bytes);
    }

private:
    GrownBytes<AllocationSite::input_copy, CopyEdge::buffer_growth> copy_;
};

// Reference document, "process in-place" and "mio: Process directly from read buffer": parsed where it was received.
class BorrowedInput {
public:
    explicit BorrowedInput(std::string_view accumulated) : bytes_(accumulated) {}
    std::string_view view() const { return bytes_; }

    static constexpr Counts cost(std::size_t /*input_bytes*/) { return {}; }

private:
    std::string_view bytes_;
};

}  // namespace tare
