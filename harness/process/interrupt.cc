// SPDX-License-Identifier: Apache-2.0
#include "harness/process/interrupt.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <string_view>

#include "core/clock.h"

namespace tare {
namespace {

constexpr std::array caught_signals{SIGINT, SIGTERM, SIGHUP};

// A terminal, or timeout(1), may send one wish twice.
constexpr std::uint64_t same_wish_ns = 1'000'000'000;

std::atomic<std::uint64_t> first_ns = 0;  // threads ask, too
std::atomic<int> first_signal = 0;
std::array<struct sigaction, caught_signals.size()> former_actions;
bool are_caught = false;
static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void tell(std::string_view text) { [[maybe_unused]] const ssize_t told = ::write(STDERR_FILENO, text.data(), text.size()); }

void on_signal(int number) {
    std::uint64_t unseen = 0;
    if (first_ns.compare_exchange_strong(unseen, monotonic_ns())) {
        first_signal = number;
        tell("\ninterrupted: ending the step under way; once more ends at once\n");
    } else if (monotonic_ns() - unseen > same_wish_ns) {
        std::signal(number, SIG_DFL);
        std::raise(number);
    }
}

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t place = 0; place < caught_signals.size() && !are_caught; ++place) {
        ::sigaction(caught_signals[place], &action, &former_actions[place]);
        const bool outlives_terminal = caught_signals[place] == SIGHUP && former_actions[place].sa_handler == SIG_IGN;
        if (outlives_terminal) ::sigaction(SIGHUP, &former_actions[place], nullptr);
    }
    are_caught = true;
}

bool interrupted() { return first_signal != 0; }

int interrupting_signal() { return first_signal; }

std::uint64_t interrupted_ns() { return first_ns; }

void release_interrupts() {
    for (std::size_t place = 0; place < caught_signals.size() && are_caught; ++place)
        ::sigaction(caught_signals[place], &former_actions[place], nullptr);
}

}  // namespace tare
