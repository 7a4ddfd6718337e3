// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/bpf_object.h"

#include <bpf/bpf.h>
#include <sys/stat.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <fstream>

#include "core/error.h"
#include "probes/attach/kernel_support.h"
#include "probes/attach/process_tree.h"

namespace tare {
namespace {

// include/linux/proc_ns.h: the inode of the initial pid namespace is fixed.
constexpr std::uint64_t initial_namespace_inode = 0xEFFFFFFC;

// Of what is being done: those that follow only say that it failed.
std::string first_message;

int keep_message(libbpf_print_level level, const char* format, va_list arguments) {
    if (level != LIBBPF_WARN || !first_message.empty()) return 0;
    std::array<char, 512> text;
    const int size = std::vsnprintf(text.data(), text.size(), format, arguments);
    first_message = text.data();
    while (first_message.ends_with('\n')) first_message.pop_back();
    return size;
}

// What root itself is refused where the kernel is locked: `none integrity [confidentiality]` means the last.
bool is_locked_down() {
    std::ifstream file("/sys/kernel/security/lockdown");
    std::string modes;
    std::getline(file, modes);
    return modes.find("[confidentiality]") != std::string::npos;
}

}  // namespace

PidNamespace own_pid_namespace() {
    struct stat status {};
    if (::stat("/proc/self/ns/pid", &status) != 0) throw system_failed("stat /proc/self/ns/pid");
    if (status.st_ino == initial_namespace_inode) return {};
    return {status.st_dev, status.st_ino};
}

void keep_libbpf_messages() {
    first_message.clear();
    libbpf_set_print(keep_message);
}

void throw_bpf_refused(const std::string& doing, int error_number) {
    const bool refused = error_number == EPERM || error_number == EACCES;
    if (refused && !may_use_bpf())
        throw cannot_measure("no BPF permission (" + doing + ": " + error_text(error_number) +
                             "); run as root or with CAP_BPF and CAP_PERFMON");
    // Who has the permission is told by EACCES that the verifier refuses a program, and by EPERM that a lock on the kernel does.
    const std::string detail = first_message.empty() ? "" : " (" + first_message + ")";
    throw cannot_measure(
        doing + ": " + error_text(error_number) + detail +
        (refused && is_locked_down() ? "; the kernel is locked down (confidentiality), which no BPF probe passes" : ""));
}

void share_targets(bpf_map* targets, const Target& target) {
    const int error =
        target.tree == nullptr ? bpf_map__set_autocreate(targets, false) : bpf_map__reuse_fd(targets, target.tree->targets());
    if (error != 0) throw_bpf_refused("share the map of processes", -error);
}

Measured<std::uint64_t> missed_runs(const bpf_object* object) {
    std::uint64_t missed = 0;
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        bpf_prog_info info{};
        __u32 size_bytes = sizeof(info);
        const int fd = bpf_program__fd(program);
        if (fd < 0) continue;  // not loaded: this object does not use it
        if (bpf_obj_get_info_by_fd(fd, &info, &size_bytes) != 0)
            return Absent{std::string("missed runs of ") + bpf_program__name(program) + ": " + error_text(errno)};
        missed += info.recursion_misses;
    }
    return missed;
}

}  // namespace tare
