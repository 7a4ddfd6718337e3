// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM as a question that long work asks now and then, so that what was measured so far can be kept.
#pragma once

namespace tare {

// From now on the first signal sets a flag, and says so; another one, a second later or more, ends the program at once.
void catch_interrupts();
bool interrupted();

}  // namespace tare
