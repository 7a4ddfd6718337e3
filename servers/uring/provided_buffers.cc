// SPDX-License-Identifier: Apache-2.0
#include "servers/uring/provided_buffers.h"

#include <sys/mman.h>

#include <string>

#include "core/error.h"

namespace tare::uring {
namespace {

void* map(std::size_t size_bytes) {
    void* const memory = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw system_failed("reserve memory for provided buffers");
    return memory;
}

}  // namespace

ProvidedBuffers::ProvidedBuffers(io_uring* ring, unsigned count) : ring_(ring), count_(count) {
    buffer_ring_ = static_cast<io_uring_buf_ring*>(map(count * sizeof(io_uring_buf)));
    memory_ = static_cast<char*>(map(count * buffer_bytes));
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uint64_t>(buffer_ring_);
    registration.ring_entries = count;
    registration.bgid = group;
    const int result = io_uring_register_buf_ring(ring_, &registration, 0);
    if (result < 0)
        throw cannot_measure("io_uring_register_buf_ring with " + std::to_string(count) + " buffers: " + error_text(-result));
    io_uring_buf_ring_init(buffer_ring_);
    for (unsigned index = 0; index < count; ++index) add(static_cast<std::uint16_t>(index), static_cast<int>(index));
    io_uring_buf_ring_advance(buffer_ring_, static_cast<int>(count));
}

ProvidedBuffers::~ProvidedBuffers() {
    io_uring_unregister_buf_ring(ring_, group);
    ::munmap(buffer_ring_, count_ * sizeof(io_uring_buf));
    ::munmap(memory_, count_ * buffer_bytes);
}

}  // namespace tare::uring
