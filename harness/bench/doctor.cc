// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/doctor.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "core/error.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "probes/attach/kernel_support.h"
#include "probes/catalogue.h"
#include "probes/exercise.h"

namespace tare {
namespace {

Finding kernel() {
    utsname name{};
    ::uname(&name);
    const bool typed = std::filesystem::exists("/sys/kernel/btf/vmlinux");
    try {
        require_kernel();
    } catch (const Error& error) {
        return {"kernel", false, error.what()};
    }
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

// What a wiring needs of io_uring only its server can say, by being ready or not.
Finding wiring(const ReferenceServers& servers, const VariantName& variant) {
    const std::string subject = fmt::format("wiring {}/{}", variant.server, variant.wiring);
    try {
        const ServerProcess server({servers.program("timed"), to_string(variant)}, std::nullopt);
        return {subject, true, "its server can run"};
    } catch (const Error& error) {
        return {subject, false, error.what()};
    }
}

// The servers, and of each io_uring wiring the first variant: the epoll servers need nothing that a kernel might lack.
void add_servers(std::vector<Finding>& findings) {
    try {
        const ReferenceServers servers = ReferenceServers::beside_this_program();
        findings.push_back({"reference servers", true, fmt::format("{} variants", servers.variants().size())});
        std::set<std::string> wirings;
        for (const auto& row : servers.variants()) {
            const VariantName variant = parse_variant_name(row.name);
            if (variant.server == "uring" && wirings.insert(variant.wiring).second) findings.push_back(wiring(servers, variant));
        }
    } catch (const Error& error) {
        findings.push_back({"reference servers", false, error.what()});
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
    std::vector<Finding> findings{kernel(), cores(), io_uring()};
    add_servers(findings);
    for (const ProbeInfo& info : probe_catalogue()) findings.push_back(probe(info));
    return findings;
}

}  // namespace tare
