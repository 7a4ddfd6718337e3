// SPDX-License-Identifier: Apache-2.0
// The socket operations of the io_uring servers, 32 in one enter: multishot receives into provided buffers, and sends that
// complete in silence. The cost of an operation holds its share, a 32nd, of the enter.
#include <sys/mman.h>
#include <sys/socket.h>

#include <vector>

#include "harness/calibrate/rounds.h"
#include "harness/calibrate/uring_ring.h"

namespace tare::calibration {
namespace {

constexpr std::size_t buffer_bytes = 65536;  // servers/uring/provided_buffers.h
constexpr unsigned buffer_count = 128;       // for half of the connections

// Buffers that the kernel picks from, as the servers lend them.
class Buffers {
public:
    explicit Buffers(io_uring* ring) : ring_(ring), memory_(buffer_count * buffer_bytes) {
        void* const shared = ::mmap(nullptr, ring_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (shared == MAP_FAILED) throw system_failed("reserve memory for provided buffers");
        buffers_ = static_cast<io_uring_buf_ring*>(shared);
        io_uring_buf_reg registration{};
        registration.ring_addr = reinterpret_cast<std::uint64_t>(buffers_);
        registration.ring_entries = buffer_count;
        if (const int result = io_uring_register_buf_ring(ring_, &registration, 0); result < 0) {
            ::munmap(buffers_, ring_bytes);
            throw cannot_measure("io_uring_register_buf_ring: " + error_text(-result));
        }
        io_uring_buf_ring_init(buffers_);
        for (unsigned index = 0; index < buffer_count; ++index) give_back(index);
    }
    Buffers(const Buffers&) = delete;
    Buffers& operator=(const Buffers&) = delete;
    ~Buffers() {
        io_uring_unregister_buf_ring(ring_, 0);
        ::munmap(buffers_, ring_bytes);
    }

    void give_back(unsigned index) {
        io_uring_buf_ring_add(buffers_, memory_.data() + index * buffer_bytes, buffer_bytes, static_cast<unsigned short>(index),
                              io_uring_buf_ring_mask(buffer_count), 0);
        io_uring_buf_ring_advance(buffers_, 1);
    }

private:
    static constexpr std::size_t ring_bytes = buffer_count * sizeof(io_uring_buf);

    io_uring* ring_;
    std::vector<char> memory_;
    io_uring_buf_ring* buffers_ = nullptr;
};

class UringSide {
public:
    UringSide(const FarSide& far, std::span<const OwnedFd> ends) : far_(far), ends_(ends), buffers_(ring_.raw()) {
        for (const OwnedFd& near : ends_) {
            io_uring_sqe* const sqe = io_uring_get_sqe(ring_.raw());
            io_uring_prep_recv_multishot(sqe, near.get(), nullptr, 0, 0);
            sqe->flags |= IOSQE_BUFFER_SELECT;
            sqe->buf_group = 0;
        }
        ring_.enter(0);
    }

    bool receive_each() {
        constexpr auto all = static_cast<unsigned>(FarSide::connections_of_half);
        unsigned completions = 0;
        for (std::size_t left_bytes = far_.request_bytes() * all; left_bytes > 0;) {
            ring_.enter(completions < all ? all - completions : 1);
            left_bytes -= reap(completions);
        }
        return completions == all;
    }

    void send_each() {
        const std::span<const char> reply = far_.reply();
        for (const OwnedFd& near : ends_) {
            io_uring_sqe* const sqe = io_uring_get_sqe(ring_.raw());
            io_uring_prep_send(sqe, near.get(), reply.data(), reply.size(), MSG_NOSIGNAL | MSG_WAITALL | MSG_DONTWAIT);
            sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        }
        ring_.enter(0);
        if (io_uring_cq_ready(ring_.raw()) > 0) throw cannot_measure("a reply was not taken whole");
    }

private:
    // Returns how many bytes came, and adds in how many completions.
    std::size_t reap(unsigned& completions) {
        std::size_t received_bytes = 0;
        unsigned head = 0;
        unsigned reaped = 0;
        io_uring_cqe* cqe = nullptr;
        io_uring_for_each_cqe(ring_.raw(), head, cqe) {
            if (cqe->res <= 0 || (cqe->flags & IORING_CQE_F_MORE) == 0)
                throw cannot_measure("io_uring receive: " + (cqe->res < 0 ? error_text(-cqe->res) : std::string("it ended")));
            received_bytes += static_cast<std::size_t>(cqe->res);
            buffers_.give_back(cqe->flags >> IORING_CQE_BUFFER_SHIFT);
            ++reaped;
        }
        io_uring_cq_advance(ring_.raw(), reaped);
        completions += reaped;
        return received_bytes;
    }

    const FarSide& far_;
    std::span<const OwnedFd> ends_;
    UringRing ring_;
    Buffers buffers_;
};

}  // namespace

void add_uring_loopback(Subjects& subjects, int peer_cpu) {
    add_for_each_size(subjects, "uring_loopback_receive", peer_cpu, time_receive<UringSide>);
    add_for_each_size(subjects, "uring_loopback_send", peer_cpu, time_send<UringSide>);
}

}  // namespace tare::calibration
