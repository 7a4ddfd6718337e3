// SPDX-License-Identifier: Apache-2.0
// What a reference server can count about itself, part by part. One type serves the prediction (what one request
// should cost) and the ledger (what a running server has cost so far), so that both are compared part by part.
#pragma once

#include <array>
#include <cstdint>

#include "core/allocation_site.h"
#include "core/copy_edge.h"
#include "core/opcode.h"
#include "core/system_call.h"

namespace tare {

// Plain arrays indexed by the part's enumerator; counts, except for the arrays that end in `_bytes`.
struct Counts {
    std::array<std::uint64_t, system_call_count> system_calls{};
    std::array<std::uint64_t, opcode_count> sqes{};
    std::array<std::uint64_t, opcode_count> cqes{};
    std::array<std::uint64_t, allocation_site_count> allocations{};
    std::array<std::uint64_t, allocation_site_count> allocated_bytes{};
    std::array<std::uint64_t, copy_edge_count> copies{};
    std::array<std::uint64_t, copy_edge_count> copied_bytes{};

    constexpr Counts& call(SystemCall system_call, std::uint64_t count = 1) {
        system_calls[index_of(system_call)] += count;
        return *this;
    }
    constexpr Counts& sqe(std::size_t opcode, std::uint64_t count = 1) {
        sqes[opcode] += count;
        return *this;
    }
    constexpr Counts& cqe(std::size_t opcode, std::uint64_t count = 1) {
        cqes[opcode] += count;
        return *this;
    }
    constexpr Counts& allocation(AllocationSite site, std::uint64_t size_bytes) {
        allocations[index_of(site)] += 1;
        allocated_bytes[index_of(site)] += size_bytes;
        return *this;
    }
    // A copy of no bytes is no copy: the counted function does not make it either.
    constexpr Counts& copy(CopyEdge edge, std::uint64_t size_bytes) {
        if (size_bytes == 0) return *this;
        copies[index_of(edge)] += 1;
        copied_bytes[index_of(edge)] += size_bytes;
        return *this;
    }

    constexpr Counts& operator+=(const Counts& other) {
        add(system_calls, other.system_calls);
        add(sqes, other.sqes);
        add(cqes, other.cqes);
        add(allocations, other.allocations);
        add(allocated_bytes, other.allocated_bytes);
        add(copies, other.copies);
        add(copied_bytes, other.copied_bytes);
        return *this;
    }
    friend constexpr Counts operator+(Counts left, const Counts& right) { return left += right; }
    friend constexpr bool operator==(const Counts&, const Counts&) = default;

private:
    template <std::size_t Size>
    static constexpr void add(std::array<std::uint64_t, Size>& to, const std::array<std::uint64_t, Size>& from) {
        for (std::size_t index = 0; index < Size; ++index) to[index] += from[index];
    }
};

}  // namespace tare
