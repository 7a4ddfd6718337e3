// SPDX-License-Identifier: Apache-2.0
// Whether a library can be preloaded to what a process is about to execute, by the file's own head.
#pragma once

#include <sys/types.h>

#include <string>

namespace tare {

// Empty when glibc's dynamic linker will start it, or when that cannot be told: then it is tried. Otherwise why not, such as
// "/bin/busybox is a static program". `path` is one of this process's; `name` is the program's for messages.
std::string why_not_preloaded(const std::string& path, const std::string& name);

// The path by which this process reaches what a stopped thread calls `path`, relative to its folder `directory` (a descriptor,
// or AT_FDCWD).
std::string path_from_here(pid_t pid, int directory, const std::string& path);

}  // namespace tare
