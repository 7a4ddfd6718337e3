// SPDX-License-Identifier: Apache-2.0
// The buffer ring: buffers of 64 KiB that the kernel picks from when data arrives, and that go back after use.
#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdint>

#include "servers/path/byte_buffer.h"

namespace tare::uring {

class ProvidedBuffers {
public:
    static constexpr int group = 0;

    // `count` is a power of two. Throws cannot_measure when the kernel refuses the ring.
    ProvidedBuffers(io_uring* ring, unsigned count);
    ProvidedBuffers(const ProvidedBuffers&) = delete;
    ProvidedBuffers& operator=(const ProvidedBuffers&) = delete;
    ~ProvidedBuffers();

    // The buffer that this completion filled (it has IORING_CQE_F_BUFFER).
    static std::uint16_t index_of(const io_uring_cqe& cqe) {
        return static_cast<std::uint16_t>(cqe.flags >> IORING_CQE_BUFFER_SHIFT);
    }
    const char* data(std::uint16_t index) const { return memory_ + index * buffer_bytes; }

    void give_back(std::uint16_t index) {
        add(index, 0);
        io_uring_buf_ring_advance(buffer_ring_, 1);
    }

private:
    void add(std::uint16_t index, int offset) {
        io_uring_buf_ring_add(buffer_ring_, memory_ + index * buffer_bytes, buffer_bytes, index, io_uring_buf_ring_mask(count_),
                              offset);
    }

    io_uring* ring_;
    unsigned count_;
    io_uring_buf_ring* buffer_ring_ = nullptr;
    char* memory_ = nullptr;
};

}  // namespace tare::uring
