// SPDX-License-Identifier: Apache-2.0
#include "harness/doctor.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "harness/reference_servers.h"
#include "probes/catalogue.h"
#include "probes/exercise.h"

namespace tare {
namespace {

Finding kernel() {
    utsname name{};
    ::uname(&name);
    const bool typed = std::filesystem::exists("/sys/kernel/btf/vmlinux");
    return {"kernel", typed,
            fmt::format("{} {}; {}", name.sysname, name.release,
                        typed ? "type information (BTF) for BPF programs is there"
                              : "no /sys/kernel/btf/vmlinux: BPF probes need a kernel with CONFIG_DEBUG_INFO_BTF")};
}

Finding cores() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    const int count = ::sched_getaffinity(0, sizeof(allowed), &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
    return {"cores", count >= 2,
            fmt::format(
                "{} may be used; {}", count,
                count >= 2 ? "server and client get one each" : "server and client must share it: counts hold, times do not")};
}

Finding io_uring() {
    try {
        exercise::uring_nop(1);
        return {"io_uring", true, "a ring can be set up"};
    } catch (const Error& error) {
        std::ifstream file("/proc/sys/kernel/io_uring_disabled");
        std::string disabled;
        std::getline(file, disabled);
        return {"io_uring", false,
                fmt::format("{}; kernel.io_uring_disabled is {}: set it to 0, and allow io_uring_setup in the "
                            "container's seccomp profile",
                            error.what(), disabled.empty() ? "unknown" : disabled)};
    }
}

Finding servers() {
    try {
        return {"reference servers", true, fmt::format("{} variants", ReferenceServers::beside_this_program().variants().size())};
    } catch (const Error& error) {
        return {"reference servers", false, error.what()};
    }
}

Finding probe(const ProbeInfo& info) {
    const Snapshot seen = attach_or_absent(info, ::getpid())->read();
    const Reading& first = seen.begin()->second;
    return {fmt::format("probe {}", info.name), first.present(),
            first.present() ? std::string(info.description) : first.reason()};
}

}  // namespace

std::vector<Finding> diagnose() {
    std::vector<Finding> findings{kernel(), cores(), io_uring(), servers()};
    for (const ProbeInfo& info : probe_catalogue()) findings.push_back(probe(info));
    return findings;
}

}  // namespace tare
