// SPDX-License-Identifier: Apache-2.0
#include "harness/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <initializer_list>
#include <string_view>

#include "core/clock.h"

namespace tare {
namespace {

// A terminal, or timeout(1), may send one wish twice.
constexpr std::uint64_t same_wish_ns = 1'000'000'000;

std::atomic<std::uint64_t> first_ns = 0;  // threads ask, too
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

void tell(std::string_view text) { [[maybe_unused]] const ssize_t told = ::write(STDERR_FILENO, text.data(), text.size()); }

void on_signal(int number) {
    std::uint64_t unseen = 0;
    if (first_ns.compare_exchange_strong(unseen, monotonic_ns())) {
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
    for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

bool interrupted() { return first_ns != 0; }

}  // namespace tare
