// SPDX-License-Identifier: Apache-2.0
// Where a process has its functions: the files it runs code from, and the offsets of functions in them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tare {

// The files that the process maps with permission to execute, the program first, as paths that this process can open.
// Throws cannot_measure when the map cannot be read.
std::vector<std::string> mapped_files(pid_t pid);

// Offset in bytes of a defined function from the start of an ELF file; nothing when it has none of that name, or only
// an IFUNC, whose address says nothing about the version in use. Throws cannot_measure when it is no readable ELF file.
std::optional<std::uint64_t> function_offset(const std::string& path, const std::string& name);

// The file whose `function` the process calls: the program itself or a library that stands before the C library, if
// one defines it. Throws cannot_measure when none does.
std::string file_that_provides(pid_t pid, const std::string& function);

// Whether a path is that of a C library.
bool is_c_library(const std::string& path);

// The C library of the process. Throws cannot_measure when it is not the file that this process runs on.
std::string shared_c_library(pid_t pid);

// Offset in bytes, from the start of this process's C library, of the version of an IFUNC that it chose here.
std::uint64_t resolved_offset(const char* function);

}  // namespace tare
