// SPDX-License-Identifier: Apache-2.0
// A vector of bytes that grows as a Rust Vec<u8> does (doubling, at least 8, at least what is needed), with every
// allocation and every move to a larger block told to the ledger. The reference document's `Vec::new()` is one of these. A growth
// here is malloc, copy and free, so that both independent counters see it; Rust's Vec may realloc in place, without the copy.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "core/copy.h"

namespace tare {

// The capacity in bytes after `needed_bytes` no longer fit into `capacity_bytes`.
constexpr std::size_t grown_capacity_bytes(std::size_t capacity_bytes, std::size_t needed_bytes) {
    return std::max({capacity_bytes * 2, needed_bytes, std::size_t{8}});
}

template <AllocationSite Site, CopyEdge GrowthEdge>
class GrownBytes {
public:
    GrownBytes() = default;
    // Room for exactly `capacity_bytes`, as to_vec() and clone() make it.
    explicit GrownBytes(std::size_t capacity_bytes) {
        if (capacity_bytes > 0) reallocate(capacity_bytes);
    }
    GrownBytes(const GrownBytes&) = delete;
    GrownBytes& operator=(const GrownBytes&) = delete;
    ~GrownBytes() { std::free(data_); }

    std::string_view view() const { return {data_, size_bytes_}; }

    void append(CopyEdge edge, std::string_view bytes) {
        const std::size_t needed_bytes = size_bytes_ + bytes.size();
        if (needed_bytes > capacity_bytes_) reallocate(grown_capacity_bytes(capacity_bytes_, needed_bytes));
        copy_bytes(edge, data_ + size_bytes_, bytes.data(), bytes.size());
        size_bytes_ = needed_bytes;
    }

private:
    void reallocate(std::size_t capacity_bytes) {
        char* const larger = allocate_bytes(Site, capacity_bytes);
        copy_bytes(GrowthEdge, larger, data_, size_bytes_);
        std::free(data_);
        data_ = larger;
        capacity_bytes_ = capacity_bytes;
    }

    char* data_ = nullptr;
    std::size_t size_bytes_ = 0;
    std::size_t capacity_bytes_ = 0;
};

}  // namespace tare
