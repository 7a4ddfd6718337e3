// SPDX-License-Identifier: Apache-2.0
// Where at a function's begin a uprobe may stand. Linux 6.18 knows neither VEX nor EVEX coding when it places one
// (arch/x86/kernel/uprobes.c): it refuses some such instructions and mistakes others. glibc's memset begins with one that spreads
// the byte to be stored; taken for a conditional jump it is left out, and other bytes are stored (tests/accuracy/probes/: every
// one of them). The next instruction is as good a place.
#pragma once

#include <cstdint>
#include <string>

namespace tare {

// `offset`, in bytes from the start of the file, or that of the first instruction after it which may be probed. Throws
// cannot_measure when it cannot be told where that is, or the file cannot be read.
std::uint64_t probed_offset(const std::string& path, std::uint64_t offset);

}  // namespace tare
