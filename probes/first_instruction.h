// SPDX-License-Identifier: Apache-2.0
// Where at a function's begin a uprobe may stand. Most instructions under a uprobe are executed elsewhere, one step at a time, and
// Linux 6.18 gets that wrong for those with an EVEX prefix: glibc's memset begins with such a one (it spreads the byte to be stored),
// and with a probe on it stores other bytes (tests/witness/: every one of them). The next instruction is as good a place.
#pragma once

#include <cstdint>
#include <string>

namespace tare {

// `offset`, in bytes from the start of the file, or that of the second instruction when the first must not be probed. Throws
// cannot_measure when neither may be, or the file cannot be read.
std::uint64_t probed_offset(const std::string& path, std::uint64_t offset);

}  // namespace tare
