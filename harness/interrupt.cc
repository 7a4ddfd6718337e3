// SPDX-License-Identifier: Apache-2.0
#include "harness/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace tare {
namespace {

volatile std::sig_atomic_t seen = 0;

void on_signal(int) { seen = 1; }

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART | SA_RESETHAND;
    for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
}

bool interrupted() { return seen != 0; }

}  // namespace tare
