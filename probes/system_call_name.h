// SPDX-License-Identifier: Apache-2.0
// Names of system calls; libseccomp keeps the table.
#pragma once

#include <cstddef>
#include <string>

namespace tare {

// The kernel's name of a system call on this machine; "syscall_999" of a number without one.
std::string system_call_name(std::size_t number);

}  // namespace tare
