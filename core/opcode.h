// SPDX-License-Identifier: Apache-2.0
// Names of io_uring opcodes by number, in the order of the kernel's enum io_uring_op (append-only ABI).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

inline constexpr std::array<std::string_view, 64> opcode_names{"nop",
                                                               "readv",
                                                               "writev",
                                                               "fsync",
                                                               "read_fixed",
                                                               "write_fixed",
                                                               "poll_add",
                                                               "poll_remove",
                                                               "sync_file_range",
                                                               "sendmsg",
                                                               "recvmsg",
                                                               "timeout",
                                                               "timeout_remove",
                                                               "accept",
                                                               "async_cancel",
                                                               "link_timeout",
                                                               "connect",
                                                               "fallocate",
                                                               "openat",
                                                               "close",
                                                               "files_update",
                                                               "statx",
                                                               "read",
                                                               "write",
                                                               "fadvise",
                                                               "madvise",
                                                               "send",
                                                               "recv",
                                                               "openat2",
                                                               "epoll_ctl",
                                                               "splice",
                                                               "provide_buffers",
                                                               "remove_buffers",
                                                               "tee",
                                                               "shutdown",
                                                               "renameat",
                                                               "unlinkat",
                                                               "mkdirat",
                                                               "symlinkat",
                                                               "linkat",
                                                               "msg_ring",
                                                               "fsetxattr",
                                                               "setxattr",
                                                               "fgetxattr",
                                                               "getxattr",
                                                               "socket",
                                                               "uring_cmd",
                                                               "send_zc",
                                                               "sendmsg_zc",
                                                               "read_multishot",
                                                               "waitid",
                                                               "futex_wait",
                                                               "futex_wake",
                                                               "futex_waitv",
                                                               "fixed_fd_install",
                                                               "ftruncate",
                                                               "bind",
                                                               "listen",
                                                               "recv_zc",
                                                               "epoll_wait",
                                                               "readv_fixed",
                                                               "writev_fixed",
                                                               "pipe",
                                                               "opcode_63"};

inline constexpr std::size_t opcode_count = opcode_names.size();

}  // namespace tare
