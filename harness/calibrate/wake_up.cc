// SPDX-License-Identifier: Apache-2.0
// What a thread pays for going to sleep in epoll_wait and being woken from the client's core: the CPU time of such a wait, less
// that of a wait that finds its event there. CPU time of the sleeper only; how long it sleeps, and what its waker pays, is
// no part of it.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include "core/clock.h"
#include "core/error.h"
#include "harness/calibrate/loopback_pairs.h"
#include "harness/calibrate/peer_thread.h"
#include "harness/calibrate/subject.h"

namespace tare::calibration {
namespace {

constexpr int sleeps_per_iteration = 32;
constexpr int patience_ms = 1000;
constexpr std::uint64_t until_asleep_ns = 30'000;

std::uint64_t sleeps_of_this_thread() {
    rusage usage{};
    if (::getrusage(RUSAGE_THREAD, &usage) != 0) throw system_failed("getrusage");
    return static_cast<std::uint64_t>(usage.ru_nvcsw);
}

class Event {
public:
    Event() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        epoll_event event{.events = EPOLLIN, .data = {.fd = event_.get()}};
        if (!event_ || !epoll_ || ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, event_.get(), &event) != 0)
            throw system_failed("an event to wait for");
    }
    void raise() const {
        const std::uint64_t one = 1;
        if (::write(event_.get(), &one, sizeof(one)) != sizeof(one)) throw system_failed("raise an event");
    }
    void wait() const {
        epoll_event event{};
        if (::epoll_wait(epoll_.get(), &event, 1, patience_ms) != 1) throw run_failed("epoll_wait: nobody raised the event");
    }
    void clear() const {
        std::uint64_t count = 0;
        if (::read(event_.get(), &count, sizeof(count)) != sizeof(count)) throw system_failed("clear an event");
    }

private:
    OwnedFd event_;
    OwnedFd epoll_;
};

void raise_when_asleep(const Event& event) {
    const std::uint64_t start_ns = monotonic_ns();
    while (monotonic_ns() - start_ns < until_asleep_ns) {
    }
    event.raise();
}

void wake_up(benchmark::State& state, int waker_cpu) {
    const Event event;
    PeerThread waker(waker_cpu, [&event] { raise_when_asleep(event); });
    std::uint64_t waits = 0;
    const std::uint64_t sleeps_before = sleeps_of_this_thread();
    for (auto _ : state) {
        const std::uint64_t start_ns = thread_cpu_ns();
        for (int sleep = 0; sleep < sleeps_per_iteration; ++sleep) {
            waker.begin_turn();
            event.wait();
            event.clear();
        }
        const std::uint64_t woken_ns = thread_cpu_ns();
        waker.await_turns();
        const std::uint64_t begin_ns = thread_cpu_ns();
        for (int sleep = 0; sleep < sleeps_per_iteration; ++sleep) {
            event.raise();
            event.wait();
            event.clear();
        }
        // Raising is the waker's part: it is done here only to find the event there, and taken out again.
        const std::uint64_t found_ns = thread_cpu_ns();
        for (int sleep = 0; sleep < sleeps_per_iteration; ++sleep) event.raise();
        const std::uint64_t raised_ns = thread_cpu_ns();
        event.clear();
        const auto found_cost_ns = static_cast<double>(found_ns - begin_ns) - static_cast<double>(raised_ns - found_ns);
        state.SetIterationTime((static_cast<double>(woken_ns - start_ns) - found_cost_ns) / 1e9);
        waits += sleeps_per_iteration;
    }
    // Each must have slept once, or it is something else that was timed.
    const std::uint64_t sleeps = sleeps_of_this_thread() - sleeps_before;
    if (sleeps * 100 < waits * 95)
        throw cannot_measure(std::to_string(sleeps) + " sleeps in " + std::to_string(waits) + " waits");
}

}  // namespace

void add_wake_up(Subjects& subjects, const Pinning& pinning) {
    subjects.push_back({"wake_up", 1, "sleeps", Timed::parts, sleeps_per_iteration, [pinning](benchmark::State& state) {
                            if (pinning.server_cpu == pinning.client_cpu)
                                throw cannot_measure("one core only: nobody else could wake this thread");
                            wake_up(state, pinning.client_cpu);
                        }});
}

}  // namespace tare::calibration
