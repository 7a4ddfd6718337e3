// SPDX-License-Identifier: Apache-2.0
#include "probes/exercise.h"

#include <liburing.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare::exercise {

void getppid(std::uint64_t count) {
    for (; count > 0; --count) ::syscall(SYS_getppid);
}

void uring_nop(std::uint64_t count) {
    io_uring ring{};
    if (const int error = io_uring_queue_init(8, &ring, 0); error < 0)
        throw cannot_measure("io_uring_setup: " + error_text(-error));
    for (; count > 0; --count) {
        io_uring_prep_nop(io_uring_get_sqe(&ring));
        io_uring_submit_and_wait(&ring, 1);
        io_uring_cq_advance(&ring, 1);
    }
    io_uring_queue_exit(&ring);
}

void socket_byte(std::uint64_t count) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw system_failed("socketpair");
    const OwnedFd near_end{ends[0]};
    const OwnedFd far_end{ends[1]};
    for (char byte = 0; count > 0; --count) {
        if (::send(near_end.get(), &byte, 1, 0) != 1 || ::recv(far_end.get(), &byte, 1, 0) != 1)
            throw system_failed("one byte through a socket pair");
    }
}

void malloc_free(std::uint64_t count) {
    for (; count > 0; --count) {
        void* memory = std::malloc(64);
        asm volatile("" : "+r"(memory));  // or the compiler drops the pair
        std::free(memory);
    }
}

void memmove_64(std::uint64_t count) {
    std::array<char, 64> from{};
    std::array<char, 64> to{};
    for (; count > 0; --count) {
        std::size_t size_bytes = from.size();
        asm volatile("" : "+r"(size_bytes));  // or the compiler moves the bytes itself
        std::memmove(to.data(), from.data(), size_bytes);
        asm volatile("" ::"r"(to.data()) : "memory");
    }
}

}  // namespace tare::exercise
