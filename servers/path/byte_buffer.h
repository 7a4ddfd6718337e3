// SPDX-License-Identifier: Apache-2.0
// A connection's read or write buffer: bytes enter at the end and leave at the front. It starts at 64 KiB (the reference
// document's "Buffer size: 64KB"), grows for a request or reply that is larger, and keeps what it grew to.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "core/copy.h"

namespace tare {

inline constexpr std::size_t buffer_bytes = std::size_t{64} << 10;

class ByteBuffer {
public:
    // What sends this when it is a connection's output.
    static constexpr SystemCall send_call = SystemCall::sendto;

    ByteBuffer() : data_(allocate_bytes(AllocationSite::buffer_growth, buffer_bytes)), capacity_bytes_(buffer_bytes) {}
    ByteBuffer(const ByteBuffer&) = delete;
    ByteBuffer& operator=(const ByteBuffer&) = delete;
    ~ByteBuffer() { std::free(data_); }

    friend void swap(ByteBuffer& left, ByteBuffer& right) noexcept {
        std::swap(left.data_, right.data_);
        std::swap(left.begin_, right.begin_);
        std::swap(left.end_, right.end_);
        std::swap(left.capacity_bytes_, right.capacity_bytes_);
    }

    std::string_view view() const { return {data_ + begin_, end_ - begin_}; }
    std::size_t size_bytes() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }
    std::size_t free_bytes() const { return capacity_bytes_ - end_; }
    char* free_begin() { return data_ + end_; }

    // Makes room for `wanted_bytes` behind the content and returns its begin: moves the content to the front first, grows the
    // buffer only if it must.
    char* reserve(std::size_t wanted_bytes) {
        if (wanted_bytes <= free_bytes()) return free_begin();
        const std::size_t held_bytes = size_bytes();
        if (held_bytes + wanted_bytes <= capacity_bytes_) {
            copy_bytes(CopyEdge::accum_compaction, data_, data_ + begin_, held_bytes);
        } else {
            grow(held_bytes + wanted_bytes);
        }
        begin_ = 0;
        end_ = held_bytes;
        return free_begin();
    }

    // `size_bytes` were written at free_begin() by somebody else (the kernel, a formatter).
    void commit(std::size_t size_bytes) { end_ += size_bytes; }

    void append(CopyEdge edge, std::string_view bytes) {
        copy_bytes(edge, reserve(bytes.size()), bytes.data(), bytes.size());
        commit(bytes.size());
    }

    void consume(std::size_t size_bytes) {
        begin_ += size_bytes;
        if (begin_ == end_) begin_ = end_ = 0;
    }

private:
    // Only while a connection warms up; kept out of the request path, where the disassembly shows who calls the allocator.
    [[gnu::noinline, gnu::cold]] void grow(std::size_t needed_bytes) {
        const std::size_t larger_bytes = std::max(capacity_bytes_ * 2, needed_bytes);
        char* const larger = allocate_bytes(AllocationSite::buffer_growth, larger_bytes);
        copy_bytes(CopyEdge::buffer_growth, larger, data_ + begin_, size_bytes());
        std::free(data_);
        data_ = larger;
        capacity_bytes_ = larger_bytes;
    }

    char* data_ = nullptr;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t capacity_bytes_ = 0;
};

}  // namespace tare
