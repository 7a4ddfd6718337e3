// SPDX-License-Identifier: Apache-2.0
// The code under uprobes. A uprobe is a breakpoint in the memory of the process, over the first byte of an instruction: it breaks
// a function that the program has patched itself, and a program that copies such a function copies the breakpoint.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "probes/attach/reach.h"
#include "probes/symbols/code_file.h"

namespace tare {

inline constexpr std::uint8_t breakpoint_byte = 0xcc;
inline constexpr std::size_t probed_bytes = 16;
using ProbedBytes = std::array<std::uint8_t, probed_bytes>;

// Keeps what the file has at `offsets`, where uprobes are about to stand: in the process that showed the file, or in every
// process that runs it. Throws cannot_measure when such a process has something else there, other than a breakpoint: the kernel
// would write over it, and what the process runs then is neither.
void prepare_for_probes(const CodeFile& file, std::span<const std::uint64_t> offsets, Reach reach);

// What stood in place of the breakpoint that `copy` begins with, if it is a copy of code that was prepared so: at least the next
// four bytes are the same. None when it is no such copy, or when two that are as alike begin differently.
std::optional<std::uint8_t> byte_before_probe(std::span<const std::uint8_t> copy);

}  // namespace tare
