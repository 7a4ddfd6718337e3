// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM as a question that long work asks now and then, so that what was measured so far can be kept.
#pragma once

namespace tare {

// From now on the signals only set a flag; a second one ends the program at once.
void catch_interrupts();
bool interrupted();

}  // namespace tare
