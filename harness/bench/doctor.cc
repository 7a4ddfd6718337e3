// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/doctor.h"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "core/error.h"
#include "harness/bench/confinement.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "harness/trace/counted_command.h"
#include "probes/attach/kernel_support.h"
#include "probes/catalogue.h"
#include "probes/exercise.h"

namespace tare {
namespace {

Finding kernel() {
    utsname name{};
    ::uname(&name);
    try {
        require_kernel();
    } catch (const Error& error) {
        return {"kernel", false, error.what(), {"boot Linux 5.15 or later; for io_uring servers 6.1 or later", {}}};
    }
    return {"kernel", true, fmt::format("{} {}", name.sysname, name.release)};
}

Finding cores() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    const int count = ::sched_getaffinity(0, sizeof(allowed), &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
    if (count >= 2) return {"cores", true, fmt::format("{} may be used; server and client get one each", count)};
    return {"cores",
            false,
            fmt::format("{} may be used; server and client must share it: counts hold, times do not", count),
            {"allow two cores to this process",
             {is_in_container() ? container_command("--cpuset-cpus 0,1") : "taskset -c 0,1 tare doctor"}}};
}

Finding io_uring() {
    try {
        exercise::uring_nop(1);
        return {"io_uring", true, "a ring can be set up"};
    } catch (const Error& error) {
        std::ifstream file("/proc/sys/kernel/io_uring_disabled");
        std::string disabled;
        std::getline(file, disabled);
        Remedy remedy{"allow io_uring_setup in the container's seccomp profile, or run without one",
                      {container_command("--security-opt seccomp=unconfined")}};
        if (!disabled.empty() && disabled != "0")
            remedy = {"set kernel.io_uring_disabled to 0", {"sudo sysctl kernel.io_uring_disabled=0"}};
        return {"io_uring", false,
                fmt::format("{}; kernel.io_uring_disabled is {}", error.what(), disabled.empty() ? "unknown" : disabled), remedy};
    }
}

// What a wiring needs of io_uring only its server can say, by being ready or not.
Finding wiring(const ReferenceServers& servers, const VariantName& variant, bool has_io_uring) {
    const std::string subject = fmt::format("wiring {}/{}", variant.server, variant.wiring);
    try {
        const ServerProcess server({servers.program(Build::timed), to_string(variant)}, std::nullopt);
        return {subject, true, "its server can run"};
    } catch (const Error& error) {
        return {subject, false, error.what(), {has_io_uring ? "boot a kernel that has what is named" : "as for io_uring", {}}};
    }
}

// The servers, and of each io_uring wiring the first variant: the epoll servers need nothing that a kernel might lack.
void add_servers(std::vector<Finding>& findings, bool has_io_uring) {
    try {
        const ReferenceServers servers = ReferenceServers::beside_this_program();
        servers.require();
        findings.push_back({"reference servers", true, fmt::format("{} variants", servers.variants().size())});
        std::set<std::string> wirings;
        for (const auto& row : servers.variants()) {
            const VariantName variant = parse_variant_name(row.name);
            if (variant.server == "uring" && wirings.insert(variant.wiring).second)
                findings.push_back(wiring(servers, variant, has_io_uring));
        }
    } catch (const Error& error) {
        findings.push_back({"reference servers", false, error.what(), {"build them beside tare", {"make build"}}});
    }
}

// What stands in the probe's way by the findings before it, which have the commands.
Remedy remedy_of(const ProbeInfo& info, const std::vector<Finding>& before) {
    if (info.name == "hardware")
        return {"bare metal, or a virtual machine whose host passes its processor's counters on; no setting here brings them",
                {}};
    for (const Finding& finding : before) {
        const bool is_cause = finding.subject == "capabilities" || finding.subject == "BTF" || finding.subject == "seccomp" ||
                              finding.subject == "sysfs" || finding.subject == "perf events";
        if (info.source == Source::bpf && is_cause && !finding.works) return {"as for " + finding.subject, {}};
    }
    return {may_use_bpf() ? "boot a kernel that has what is named" : "run as root", {}};
}

Finding probe(const ProbeInfo& info, const std::vector<Finding>& before) {
    const Snapshot seen = attach_or_absent(info, ::getpid())->read();
    const Measured<std::uint64_t>& first = seen.begin()->second;
    const std::string subject = fmt::format("probe {}", info.name);
    if (first.present()) return {subject, true, std::string(info.description)};
    return {subject, false, first.reason(), remedy_of(info, before)};
}

// By whom a command is counted here, and why.
Finding command_counters() {
    const std::string refusal = bpf_refusal();
    if (refusal.empty()) return {"counters of commands", true, "bpf: its programs can be loaded"};
    constexpr const char* others = "system calls by ptrace, functions by a preloaded library, queues by fdinfo";
    CommandOptions options;
    options.by = CountedBy::unprivileged;
    options.output = STDERR_FILENO;
    try {
        const auto counted = count_command({"true"}, options);
        const Measured<std::uint64_t> functions = counted ? counted->counts().total("allocations") : Absent{"interrupted"};
        if (functions.present()) return {"counters of commands", true, fmt::format("{}; not bpf: {}", others, refusal)};
        return {"counters of commands", true,
                fmt::format("system calls by ptrace; no functions: {}; not bpf: {}", functions.reason(), refusal)};
    } catch (const Error& error) {
        return {"counters of commands",
                false,
                fmt::format("{}; and not bpf: {}", error.what(), refusal),
                {"run as root, or where ptrace is allowed", {}}};
    }
}

}  // namespace

std::vector<Finding> diagnose() {
    std::vector<Finding> findings{kernel(), cores()};
    for (const Finding& finding : confinement()) findings.push_back(finding);
    findings.push_back(io_uring());
    const bool has_io_uring = findings.back().works;
    add_servers(findings, has_io_uring);
    findings.push_back(command_counters());
    for (const ProbeInfo& info : probe_catalogue()) findings.push_back(probe(info, findings));
    return findings;
}

}  // namespace tare
