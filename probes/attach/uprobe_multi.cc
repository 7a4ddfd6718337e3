// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/uprobe_multi.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "core/check.h"

namespace tare {
namespace {

// The part of union bpf_attr that BPF_LINK_CREATE reads for a uprobe_multi link: link_create and its member
// uprobe_multi in include/uapi/linux/bpf.h since Linux 6.6. Addresses are of this process.
struct LinkCreate {
    std::uint32_t program_fd = 0;
    std::uint32_t target_fd = 0;
    std::uint32_t attach_type = uprobe_multi_type;
    std::uint32_t link_flags = 0;
    std::uint64_t path = 0;
    std::uint64_t offsets = 0;
    std::uint64_t reference_counter_offsets = 0;
    std::uint64_t cookies = 0;
    std::uint32_t count = 0;
    std::uint32_t probe_flags = 0;
    std::uint32_t pid = 0;
    std::uint32_t padding = 0;  // the kernel wants zeros after what it knows
};
static_assert(offsetof(LinkCreate, path) == 16 && offsetof(LinkCreate, pid) == 56 && sizeof(LinkCreate) == 64);

std::uint64_t address_of(const void* object) { return reinterpret_cast<std::uintptr_t>(object); }

}  // namespace

OwnedFd create_uprobe_multi(int program_fd, pid_t pid, const std::string& path, std::span<const std::uint64_t> offsets,
                            std::span<const std::uint64_t> cookies, std::span<const std::uint64_t> semaphores) {
    check(offsets.size() == cookies.size(), "create_uprobe_multi() without a cookie for each offset");
    LinkCreate request;
    request.program_fd = static_cast<std::uint32_t>(program_fd);
    request.path = address_of(path.c_str());
    request.offsets = address_of(offsets.data());
    request.cookies = address_of(cookies.data());
    if (!semaphores.empty()) request.reference_counter_offsets = address_of(semaphores.data());
    request.count = static_cast<std::uint32_t>(offsets.size());
    request.pid = static_cast<std::uint32_t>(pid);
    return OwnedFd{static_cast<int>(::syscall(SYS_bpf, BPF_LINK_CREATE, &request, sizeof(request)))};
}

OwnedFd load_idle_program() {
    const std::array<bpf_insn, 2> code{
        {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0}, {.code = BPF_JMP | BPF_EXIT}}};
    bpf_prog_load_opts options{};
    options.sz = sizeof(options);
    options.expected_attach_type = uprobe_multi_type;
    return OwnedFd{::bpf_prog_load(BPF_PROG_TYPE_KPROBE, nullptr, "GPL", code.data(), code.size(), &options)};
}

bool has_uprobe_multi() {
    const OwnedFd program = load_idle_program();
    if (!program) return false;
    const std::array<std::uint64_t, 1> zero{};
    // A folder cannot be probed, which a kernel with these links says by EBADF.
    if (create_uprobe_multi(program.get(), 0, "/", zero, zero) || errno != EBADF) return false;
    // Since it filters by process (46ba0e49b642, Linux 6.10) it looks at the pid before the path.
    return !create_uprobe_multi(program.get(), -1, "/", zero, zero) && errno == EINVAL;
}

}  // namespace tare
