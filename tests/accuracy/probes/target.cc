// SPDX-License-Identifier: Apache-2.0
// The program of the probe tests: does a prime number of each thing that a probe counts, as often as it is told,
// and says over its standard streams when it rests.
#include <liburing.h>
#include <linux/futex.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <class Action>
void repeat(int count, Action action) {
    for (int done = 0; done < count; ++done) action();
}

void keep(void*& memory) { asm volatile("" : "+r"(memory)); }

std::size_t opaque(std::size_t size_bytes) {
    asm volatile("" : "+r"(size_bytes));
    return size_bytes;
}

void free_kept(void* memory) {
    keep(memory);
    std::free(memory);
}

void allocate() {
    repeat(1009, [] { free_kept(std::malloc(opaque(11))); });
    repeat(503, [] { free_kept(std::calloc(opaque(3), 7)); });
    // A realloc of nothing is a malloc; one of something is itself.
    repeat(307, [] { free_kept(std::realloc(std::malloc(opaque(5)), opaque(13))); });
    repeat(41, [] { free_kept(std::realloc(nullptr, opaque(17))); });
    repeat(211, [] { free_kept(std::aligned_alloc(64, opaque(128))); });
    repeat(103, [] { free_kept(::memalign(64, opaque(64))); });
    repeat(101, [] {
        void* memory = nullptr;
        if (::posix_memalign(&memory, 64, opaque(192)) == 0) free_kept(memory);
    });
}

void copy() {
    static std::array<char, 4096> from{};
    static std::array<char, 4096> to{};
    repeat(1013, [] { std::memcpy(to.data(), from.data(), opaque(17)); });
    repeat(509, [] { std::memmove(to.data(), from.data(), opaque(1031)); });
    repeat(311, [] { ::mempcpy(to.data(), from.data(), opaque(19)); });
    repeat(223, [] { std::memset(to.data(), 1, opaque(23)); });
}

// Whether they still do what they are for while probes stand on them, whatever the size, and return what they should.
bool copies_are_right() {
    static std::array<char, 2048> from{};
    static std::array<char, 2048> to{};
    bool right = true;
    for (std::size_t size_bytes = 1; size_bytes < from.size(); size_bytes += 13) {
        const auto byte = static_cast<char>(size_bytes * 31);
        right = std::memset(from.data(), byte, opaque(size_bytes)) == from.data() && right;
        for (std::size_t index = 0; index < size_bytes; ++index) right = right && from[index] == byte;
        right = std::memcpy(to.data(), from.data(), opaque(size_bytes)) == to.data() && right;
        for (std::size_t index = 0; index < size_bytes; ++index) right = right && to[index] == byte;
        right = ::mempcpy(to.data(), from.data(), opaque(size_bytes)) == to.data() + size_bytes && right;
    }
    return right;
}

void call(int near_end, int far_end) {
    std::array<char, 64> bytes{};
    repeat(211, [] { ::syscall(SYS_getppid); });
    repeat(113, [&] { ::syscall(SYS_sendto, near_end, bytes.data(), 5, 0, nullptr, 0); });
    repeat(113, [&] { ::syscall(SYS_recvfrom, far_end, bytes.data(), 5, 0, nullptr, nullptr); });
    repeat(7, [&] {
        ::syscall(SYS_sendto, near_end, bytes.data(), 3, 0, nullptr, 0);
        ::syscall(SYS_recvfrom, far_end, bytes.data(), 64, 0, nullptr, nullptr);
    });
    repeat(37, [&] { ::syscall(SYS_recvfrom, far_end, bytes.data(), 64, MSG_DONTWAIT, nullptr, nullptr); });
}

// Two sockets that are always ready to send: each wait returns both.
void wait(int near_end, int far_end) {
    const int epoll_fd = ::epoll_create1(EPOLL_CLOEXEC);
    for (const int fd : {near_end, far_end}) {
        epoll_event event{.events = EPOLLOUT, .data = {.fd = fd}};
        ::epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
    std::array<epoll_event, 8> events{};
    repeat(43, [&] { ::epoll_wait(epoll_fd, events.data(), 8, -1); });
    ::close(epoll_fd);
}

void queue(io_uring& ring) {
    repeat(127, [&] {
        io_uring_prep_nop(io_uring_get_sqe(&ring));
        io_uring_submit_and_wait(&ring, 1);
        io_uring_cq_advance(&ring, 1);
    });
    // A successful entry that asked for no completion must not be counted as one.
    repeat(29, [&] {
        io_uring_sqe* const sqe = io_uring_get_sqe(&ring);
        io_uring_prep_nop(sqe);
        sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
        io_uring_submit(&ring);
    });
}

// A page is mapped when it is first touched.
void touch_pages() {
    constexpr std::size_t page_bytes = 4096;
    constexpr std::size_t pages = 83;
    void* const memory = ::mmap(nullptr, pages * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) std::abort();
    ::madvise(memory, pages * page_bytes, MADV_NOHUGEPAGE);
    for (std::size_t page = 0; page < pages; ++page) static_cast<volatile char*>(memory)[page * page_bytes] = 1;
    ::munmap(memory, pages * page_bytes);
}

// Waits that end by their time, and calls that do not wait: the word has another value, or nobody is to be woken.
void wait_for_futex() {
    unsigned word = 1;
    timespec soon{.tv_sec = 0, .tv_nsec = 1000};
    repeat(19, [&] { ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, &soon, nullptr, 0); });
    repeat(23, [&] { ::syscall(SYS_futex, &word, FUTEX_WAIT, 2, &soon, nullptr, 0); });
    repeat(29, [&] { ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0); });
}

// Rests in read() until the next byte: what was told apart by the two bytes around a round is exactly one round.
bool rest() {
    char byte = 0;
    return ::syscall(SYS_write, STDOUT_FILENO, "r", 1) == 1 && ::syscall(SYS_read, STDIN_FILENO, &byte, 1) == 1;
}

}  // namespace

// Rounds of what is counted, of `pages_and_waits` by themselves; or, asked for `check`, of what must still be right: then it ends
// with 1 when it was not.
int main(int argc, char** argv) {
    if (argc > 1 && std::string(argv[1]) == "check") {
        bool right = true;
        while (rest()) right = copies_are_right() && right;
        return right ? 0 : 1;
    }
    if (argc > 1 && std::string(argv[1]) == "pages_and_waits") {
        while (rest()) {
            touch_pages();
            wait_for_futex();
        }
        return 0;
    }
    std::array<int, 2> ends{};
    io_uring ring{};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) != 0) return 1;
    const bool has_ring = io_uring_queue_init(8, &ring, 0) == 0;
    while (rest()) {
        allocate();
        copy();
        call(ends[0], ends[1]);
        wait(ends[0], ends[1]);
        if (has_ring) queue(ring);
    }
    return 0;
}
