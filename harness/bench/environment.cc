// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/environment.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build_info.h"
#include "core/error.h"
#include "probes/catalogue.h"
#include "probes/probe_cost.h"

namespace tare {
namespace {

using nlohmann::json;

std::string first_line(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// A field of /proc/cpuinfo's first processor; "unknown" when it does not stand there.
std::string cpuinfo(const std::string& field) {
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line) && !line.empty()) {
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos && line.starts_with(field)) return line.substr(colon + 2);
    }
    return "unknown";
}

json machine() {
    utsname kernel{};
    ::uname(&kernel);
    struct sysinfo memory {};
    ::sysinfo(&memory);
    json mitigations = json::object();
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/sys/devices/system/cpu/vulnerabilities", error))
        mitigations[entry.path().filename().string()] = first_line(entry.path());
    const bool guest = cpuinfo("flags").find(" hypervisor") != std::string::npos;
    return {{"kernel", fmt::format("{} {} {}", kernel.sysname, kernel.release, kernel.machine)},
            {"cpu", cpuinfo("model name")},
            {"cpu_count", ::sysconf(_SC_NPROCESSORS_ONLN)},
            {"memory_bytes", std::uint64_t{memory.totalram} * memory.mem_unit},
            {"mitigations", mitigations},
            {"virtualisation", guest ? "guest of a hypervisor" : "none seen"}};
}

json probe_status() {
    json rows = json::array();
    for (const ProbeInfo& info : probe_catalogue()) {
        const Snapshot seen = attach_or_absent(info, ::getpid())->read();
        const Reading& first = seen.begin()->second;
        rows.push_back(
            {{"name", info.name}, {"source", info.source}, {"status", first.present() ? "ok" : "absent:" + first.reason()}});
    }
    return rows;
}

json probe_costs() {
    json rows = json::array();
    for (const ProbeInfo& info : probe_catalogue()) {
        if (info.exercise == nullptr) continue;
        json row{{"name", info.name}, {"event", info.event}};
        try {
            const ProbeCost cost = measure_cost(info);
            row["without_ns"] = cost.without_ns;
            row["with_ns"] = cost.with_ns;
        } catch (const Error& error) {
            row["status"] = std::string("absent:") + error.what();
        }
        rows.push_back(row);
    }
    return rows;
}

}  // namespace

json describe_environment(const Suite& suite, const Pinning& pinning) {
    json described{{"name", suite.name}, {"sha256", suite.sha256}};
    if (!suite.case_study.empty()) described["case_study"] = suite.case_study;
    return {{"schema", 1},
            {"suite", described},
            {"tare", {{"version", build_info::version}, {"revision", build_info::revision}, {"modified", build_info::modified}}},
            {"machine", machine()},
            {"build", {{"compiler", build_info::compiler}, {"flags", build_info::flags}, {"type", build_info::type}}},
            {"libraries",
             {{"libc", fmt::format("glibc {}", ::gnu_get_libc_version())},
              {"liburing", build_info::liburing},
              {"libbpf", ::libbpf_version_string()}}},
            {"pinning", {{"server_cpu", pinning.server_cpu}, {"client_cpu", pinning.client_cpu}}},
            {"probes", probe_status()},
            {"probe_cost", probe_costs()}};
}

}  // namespace tare
