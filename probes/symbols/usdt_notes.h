// SPDX-License-Identifier: Apache-2.0
// USDT probes: places that a program's author has marked for tracers (sys/sdt.h), as notes in its ELF file.
#pragma once

#include <string_view>
#include <vector>

#include "probes/symbols/elf_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// Where the file has the probe `name` of `provider`: each place, and the counter that the kernel raises while it is watched, for
// a program may skip a probe that nobody watches. Empty where it has none. Their `function` is 0. Throws cannot_measure when a
// note is not of this file.
std::vector<FunctionEntry> usdt_entries(const ElfFile& elf, std::string_view provider, std::string_view name);

}  // namespace tare
