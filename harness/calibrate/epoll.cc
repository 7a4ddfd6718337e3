// SPDX-License-Identifier: Apache-2.0
// Waiting for readiness that is there, level triggered, and changing what is waited for.
#include <sys/epoll.h>

#include <array>
#include <string>

#include "core/error.h"
#include "harness/calibrate/loopback_pairs.h"
#include "harness/calibrate/subject.h"

namespace tare::calibration {
namespace {

constexpr std::array ready_counts{1, 4, 16, 64};

void wait_for_ready(benchmark::State& state, int ready_count) {
    const LoopbackPairs pairs;
    const std::array<char, 1> byte{'x'};
    for (const OwnedFd& far : pairs.far_ends().first(static_cast<std::size_t>(ready_count))) send_all(far.get(), byte);
    std::array<epoll_event, 256> events;
    for (auto _ : state) {
        const int ready = ::epoll_wait(pairs.near_epoll(), events.data(), static_cast<int>(events.size()), -1);
        if (ready != ready_count) throw run_failed("epoll_wait: " + std::to_string(ready) + " events");
    }
}

// Both flips of the wiring `rearm`, on one connection after the other: to room for a reply, which is there, and back.
void flip_interest(benchmark::State& state) {
    const LoopbackPairs pairs;
    std::size_t call = 0;
    for (auto _ : state) {
        const int fd = pairs.near_ends()[call / 2 % LoopbackPairs::count].get();
        epoll_event event{.events = call % 2 == 0 ? EPOLLOUT : EPOLLIN, .data = {.fd = fd}};
        if (::epoll_ctl(pairs.near_epoll(), EPOLL_CTL_MOD, fd, &event) != 0) throw system_failed("epoll_ctl");
        ++call;
    }
}

}  // namespace

void add_epoll(Subjects& subjects) {
    for (const int count : ready_counts)
        subjects.push_back({.name = "epoll_wait",
                            .argument = static_cast<std::uint64_t>(count),
                            .argument_unit = "events",
                            .body = [count](benchmark::State& state) { wait_for_ready(state, count); }});
    subjects.push_back({.name = "epoll_ctl_mod", .argument_unit = "calls", .body = flip_interest});
}

}  // namespace tare::calibration
