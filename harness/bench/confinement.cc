// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/confinement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <linux/capability.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "probes/attach/kernel_support.h"

namespace tare {
namespace {

constexpr const char* kernel_types_path = "/sys/kernel/btf/vmlinux";
constexpr const char* uprobe_type_path = "/sys/bus/event_source/devices/uprobe/type";
constexpr int paranoid_level_max = 2;  // above it, a kernel of Debian or Ubuntu refuses perf events to those without a capability

struct Capability {
    std::string_view name;
    unsigned number;
};
// What loads and attaches BPF, what attaches uprobes before Linux 6.10, and what reads another process's maps.
constexpr std::array capabilities{Capability{"BPF", CAP_BPF}, Capability{"PERFMON", CAP_PERFMON},
                                  Capability{"SYS_ADMIN", CAP_SYS_ADMIN}, Capability{"SYS_PTRACE", CAP_SYS_PTRACE}};

std::string status_field(std::string_view name) {
    std::ifstream file("/proc/self/status");
    std::string line;
    while (std::getline(file, line)) {
        if (!line.starts_with(name)) continue;
        const std::size_t begin = line.find_first_not_of(" \t", name.size());
        return begin == std::string::npos ? "" : line.substr(begin);
    }
    return "";
}

std::string first_word_of(const char* path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

Finding capabilities_finding() {
    const std::vector<std::string> missing = capabilities_missing(status_field("CapEff:"));
    if (missing.empty()) return {"capabilities", true, "all that probes use"};
    Finding finding{"capabilities", may_use_bpf(), fmt::format("missing: CAP_{}", fmt::join(missing, ", CAP_"))};
    if (finding.works) {
        finding.detail += "; BPF can be used all the same";
        return finding;
    }
    finding.remedy.sentence = "run as root, in a container with these capabilities";
    std::string options;
    for (const std::string& name : missing) options += (options.empty() ? "--cap-add " : " --cap-add ") + name;
    finding.remedy.commands.push_back(is_in_container() ? container_command(options) : "sudo tare doctor");
    return finding;
}

// Whether the kernel itself was reached: with arguments that it refuses as such, never with EPERM or ENOSYS.
bool is_let_through(long result) { return result >= 0 || (errno != EPERM && errno != ENOSYS); }

// Of the calls that the kernel would not refuse to this process by itself.
std::vector<std::string> calls_refused() {
    std::vector<std::string> refused;
    constexpr int no_command = 9999;
    if (may_use_bpf() && !is_let_through(::syscall(SYS_bpf, no_command, nullptr, 0))) refused.emplace_back("bpf");
    if (!is_let_through(::syscall(SYS_perf_event_open, nullptr, 0, -1, -1, ~0UL))) refused.emplace_back("perf_event_open");
    const std::string disabled = first_word_of("/proc/sys/kernel/io_uring_disabled");
    if ((disabled.empty() || disabled == "0") && !is_let_through(::syscall(SYS_io_uring_setup, 0, nullptr)))
        refused.emplace_back("io_uring_setup");
    return refused;
}

Finding seccomp_finding() {
    const std::string mode = status_field("Seccomp:");
    if (mode.empty() || mode == "0") return {"seccomp", true, "no filter"};
    const std::vector<std::string> refused = calls_refused();
    if (refused.empty()) return {"seccomp", true, "a filter is in force, and refuses nothing that tare needs"};
    return {"seccomp",
            false,
            fmt::format("the filter refuses {}", fmt::join(refused, ", ")),
            {fmt::format("allow {} in the container's seccomp profile, or run without one", fmt::join(refused, ", ")),
             {container_command("--security-opt seccomp=unconfined")}}};
}

Finding sysfs_finding() {
    struct statvfs mount {};
    const bool is_there = ::statvfs("/sys", &mount) == 0;
    const bool is_read_only = is_there && (mount.f_flag & ST_RDONLY) != 0;
    const std::string how = !is_there      ? "not mounted"
                            : is_read_only ? "read-only; tare only reads it"
                                           : "writable; tare only reads it";
    if (std::ifstream(uprobe_type_path).good()) return {"sysfs", true, how};
    return {"sysfs",
            false,
            fmt::format("{}; {} cannot be read, so there are no uprobes", how, uprobe_type_path),
            {"mount the host's /sys, or boot a kernel with CONFIG_UPROBE_EVENTS",
             {is_in_container() ? container_command("-v /sys:/sys:ro") : "sudo mount -t sysfs sysfs /sys"}}};
}

Finding kernel_types_finding() {
    if (std::ifstream(kernel_types_path).good()) return {"BTF", true, "the kernel's type information for BPF programs is there"};
    return {"BTF",
            false,
            fmt::format("{} cannot be read", kernel_types_path),
            {"mount the host's /sys, or boot a kernel with CONFIG_DEBUG_INFO_BTF, as those of Debian have",
             is_in_container() ? std::vector{container_command("-v /sys:/sys:ro")} : std::vector<std::string>{}}};
}

// Said because other tools need it.
Finding tracefs_finding() {
    const bool is_mounted =
        std::filesystem::exists("/sys/kernel/tracing/events") || std::filesystem::exists("/sys/kernel/debug/tracing/events");
    return {"tracefs", true, is_mounted ? "mounted; tare does not need it" : "not mounted; tare does not need it"};
}

Finding perf_event_finding() {
    const std::string level = first_word_of("/proc/sys/kernel/perf_event_paranoid");
    const std::string told = "kernel.perf_event_paranoid is " + (level.empty() ? "unknown" : level);
    if (may_use_bpf()) return {"perf events", true, told + "; this process has the capabilities for them"};
    if (!level.empty() && std::atoi(level.c_str()) <= paranoid_level_max)
        return {"perf events", true, told + ": a process may watch its own"};
    return {"perf events",
            false,
            told,
            {"run as root, or lower kernel.perf_event_paranoid on the host",
             {fmt::format("sudo sysctl kernel.perf_event_paranoid={}", paranoid_level_max)}}};
}

}  // namespace

std::vector<std::string> capabilities_missing(const std::string& effective_hex) {
    const std::uint64_t held = std::strtoull(effective_hex.c_str(), nullptr, 16);
    std::vector<std::string> missing;
    for (const auto& [name, number] : capabilities) {
        if ((held >> number & 1) == 0) missing.emplace_back(name);
    }
    return missing;
}

bool is_in_container() {
    for (const char* const trace : {"/.dockerenv", "/run/.containerenv", "/run/systemd/container"}) {
        if (std::filesystem::exists(trace)) return true;
    }
    return false;
}

std::string container_command(const std::string& options) { return "docker run " + options + " IMAGE tare doctor"; }

std::vector<Finding> confinement() {
    return {capabilities_finding(), seccomp_finding(), sysfs_finding(),
            kernel_types_finding(), tracefs_finding(), perf_event_finding()};
}

}  // namespace tare
