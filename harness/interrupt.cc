// SPDX-License-Identifier: Apache-2.0
#include "harness/interrupt.h"

#include <atomic>
#include <csignal>
#include <initializer_list>

namespace tare {
namespace {

std::atomic<bool> seen = false;  // threads ask, too
static_assert(std::atomic<bool>::is_always_lock_free);

void on_signal(int) { seen = true; }

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART | SA_RESETHAND;
    for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

bool interrupted() { return seen; }

}  // namespace tare
