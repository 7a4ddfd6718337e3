// SPDX-License-Identifier: Apache-2.0
// Names of system calls; libseccomp keeps the table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "probes/bpf/shared/system_calls.h"

namespace tare {

// By which a call comes into the kernel; each has numbers of its own.
enum class Gate : std::uint8_t { native = gate_64, i386 = gate_i386, x32 = gate_x32 };

// The kernel's name of a system call: "write", and of the other gates "i386:write" and "x32:write"; "syscall_999" of a number
// without one. x32's numbers come without the bit that marks them.
std::string system_call_name(std::int64_t number, Gate gate = Gate::native);

// The number of a call at a gate, as system_call_name() takes it; none where the gate has no such call.
std::optional<std::int64_t> system_call_number(const std::string& name, Gate gate);

}  // namespace tare
