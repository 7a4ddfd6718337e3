// SPDX-License-Identifier: Apache-2.0
// A program that hooks functions, its own or a library's, copies their first instructions elsewhere, and the breakpoint of a
// probe with them. The kernel knows no probe at that place, and SIGTRAP would end the program.
#pragma once

#include <sys/types.h>

namespace tare {

// Of a traced thread that is stopped with SIGTRAP: if that comes from such a copy, puts the byte back there and has the thread go
// on with it. Then the signal is to be taken away. False for any other SIGTRAP.
bool mend_copied_probe(pid_t tid);

}  // namespace tare
