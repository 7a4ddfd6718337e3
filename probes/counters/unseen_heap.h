// SPDX-License-Identifier: Apache-2.0
// Runtimes and allocators whose memory does not come from the malloc family call by call, and whose own functions are not probed.
#pragma once

#include <optional>
#include <string>

#include "probes/symbols/code_file.h"

namespace tare {

// What `file` has of the kind, as the part of `allocations` that is absent: "objects of CPython". Nothing where it has none that
// is known.
std::optional<std::string> unseen_heap(const CodeFile& file);

}  // namespace tare
