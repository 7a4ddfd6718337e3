// SPDX-License-Identifier: Apache-2.0
// Ctrl-C, SIGTERM and SIGHUP as a question that long work asks now and then, so that what was measured so far can be kept.
#pragma once

#include <cstdint>

namespace tare {

// From now on the first of these signals sets a flag, and says so; another one, a second later or more, ends the program at
// once. A SIGHUP that was ignored when the program began (nohup) stays ignored.
void catch_interrupts();
bool interrupted();

// The signal that set the flag, and when; 0 while none did.
int interrupting_signal();
std::uint64_t interrupted_ns();

// In a child, before it executes another program: the signals mean there what they meant before catch_interrupts(). Neither
// allocates nor locks.
void release_interrupts();

}  // namespace tare
