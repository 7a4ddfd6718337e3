// SPDX-License-Identifier: Apache-2.0
// The buffer ring: buffers of 64 KiB that the kernel picks from when data arrives, and that go back after use.
#pragma once

#include <liburing.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "servers/path/byte_buffer.h"

namespace tare::uring {

// IORING_RECVSEND_BUNDLE, which the header of liburing 2.3 does not name yet (Linux 6.10).
inline constexpr std::uint16_t receive_bundle = 1U << 4;

class ProvidedBuffers {
public:
    static constexpr int group = 0;

    // `count` is a power of two. Throws cannot_measure when the kernel refuses the ring.
    ProvidedBuffers(io_uring* ring, unsigned count);
    ProvidedBuffers(const ProvidedBuffers&) = delete;
    ProvidedBuffers& operator=(const ProvidedBuffers&) = delete;
    ~ProvidedBuffers();

    // Hands the bytes of each buffer that this completion filled (it has IORING_CQE_F_BUFFER) to `use`, then gives it back.
    // A bundle fills buffers in the ring's order; they go back in that order, so their indices follow each other.
    template <class Use>
    void take(const io_uring_cqe& cqe, const Use& use) {
        auto index = static_cast<std::uint16_t>(cqe.flags >> IORING_CQE_BUFFER_SHIFT);
        for (auto left_bytes = static_cast<std::size_t>(cqe.res); left_bytes > 0;) {
            const std::size_t part_bytes = std::min(left_bytes, buffer_bytes);
            use(std::string_view(memory_ + index * buffer_bytes, part_bytes));
            give_back(index);
            left_bytes -= part_bytes;
            index = static_cast<std::uint16_t>((index + 1U) & (count_ - 1));
        }
    }

private:
    void give_back(std::uint16_t index) {
        add(index, 0);
        io_uring_buf_ring_advance(buffer_ring_, 1);
    }

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
