// SPDX-License-Identifier: Apache-2.0
#include "harness/load/client_io.h"

#include <fmt/format.h>

#include <exception>
#include <thread>

#include "core/error.h"
#include "harness/load/uring_io.h"

namespace tare {
namespace {

// Why this load stays on epoll whatever the kernel has; empty when it need not.
std::string unsuited(const Endpoint& server, std::uint64_t connections_of_a_thread) {
    if (server.has_datagrams()) return fmt::format("transport {} stays on epoll", name_of(server.transport));
    if (connections_of_a_thread > UringIo::connections_max)
        return fmt::format("{} connections on one thread are more than the {} that io_uring is used for", connections_of_a_thread,
                           UringIo::connections_max);
    return "";
}

}  // namespace

// On a thread of its own: the kernel tells the thread that made a ring of its end by a signal that nobody sees, and that cuts
// short a connect() which waits.
const std::string& io_uring_refusal() {
    static const std::string refusal = [] {
        std::string told;
        std::exception_ptr fault;
        std::jthread([&] {
            try {
                told = UringIo::refusal();
            } catch (...) {
                fault = std::current_exception();
            }
        }).join();
        if (fault) std::rethrow_exception(fault);
        return told;
    }();
    return refusal;
}

ChosenClientIo choose_client_io(ClientIo asked, const Endpoint& server, std::uint64_t connections_of_a_thread) {
    if (asked == ClientIo::epoll) return {ClientIo::epoll};
    const std::string why_not = unsuited(server, connections_of_a_thread);
    if (asked == ClientIo::io_uring && !why_not.empty()) throw usage_error("the client's I/O io_uring: " + why_not);
    const std::string& reason = why_not.empty() ? io_uring_refusal() : why_not;
    if (reason.empty()) return {ClientIo::io_uring};
    if (asked == ClientIo::io_uring) throw cannot_measure("the client's I/O io_uring: " + reason);
    return {ClientIo::epoll, reason};
}

}  // namespace tare
