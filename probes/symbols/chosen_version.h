// SPDX-License-Identifier: Apache-2.0
// Which of several versions of a function (an IFUNC) the C library chose when a process started. That is asked of this process,
// where the same library chooses alike.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "probes/symbols/code_file.h"

namespace tare {

// Whether the file is the C library that this process runs on.
bool is_own_c_library(const CodeFile& file);
std::string own_c_library_name();

// Where the chosen version of the function stands in that library, in bytes from its start, in process `pid`. Throws
// cannot_measure when the process may have chosen another.
std::uint64_t chosen_version(pid_t pid, const std::string& function);

}  // namespace tare
