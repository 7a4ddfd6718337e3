// SPDX-License-Identifier: Apache-2.0
// Names of an address in a file, as its symbols and its debug information have them.
#pragma once

#include <cstdint>
#include <vector>

#include "probes/call_site.h"

struct Dwfl_Module;

namespace tare {

// The frames at `address` of the process, in `module`: one for each function that was inlined there, innermost first, then the
// function itself. Their `module` and `is_program` are left to the caller. `offset` is the address in the file.
std::vector<Frame> frames_in(Dwfl_Module* module, std::uint64_t address);

}  // namespace tare
