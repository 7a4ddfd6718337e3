// SPDX-License-Identifier: Apache-2.0
// The kernel's uprobe_multi link by the system call itself: libbpf and the kernel headers of Debian 12 are older.
#pragma once

#include <bpf/libbpf.h>
#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>

#include "core/owned_fd.h"

namespace tare {

// BPF_TRACE_UPROBE_MULTI of enum bpf_attach_type, include/uapi/linux/bpf.h of Linux 6.6.
inline constexpr bpf_attach_type uprobe_multi_type = static_cast<bpf_attach_type>(48);

// Attaches the program `program_fd`, loaded for uprobe_multi_type, at `offsets` (in bytes from the start of the file
// `path`) with a cookie for each, and maybe a semaphore (USDT; 0: none), in process `pid` alone or, by 0, in every one. The link
// lives as long as the descriptor; an empty one leaves the reason in errno.
OwnedFd create_uprobe_multi(int program_fd, pid_t pid, const std::string& path, std::span<const std::uint64_t> offsets,
                            std::span<const std::uint64_t> cookies, std::span<const std::uint64_t> semaphores = {});

// A program that counts nothing, for links that only put the breakpoints of others into place. Accepted only by a kernel that
// knows the type; an empty one leaves the reason in errno.
OwnedFd load_idle_program();

// Whether the kernel has such links and filters by process: the first ones (6.6) left out all threads but one.
bool has_uprobe_multi();

}  // namespace tare
