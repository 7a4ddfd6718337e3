// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/environment.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <gnu/libc-version.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "build_info.h"
#include "core/error.h"
#include "core/status.h"
#include "harness/load/client_io.h"
#include "probes/catalogue.h"
#include "probes/probe_cost.h"
#include "run/table.h"

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
        const Measured<std::uint64_t>& first = seen.begin()->second;
        rows.push_back({{"name", info.name}, {"source", name_of(info.source)}, {"status", status_of(first)}});
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
            row["status"] = absent_status(error.what());
        }
        rows.push_back(row);
    }
    return rows;
}

json counters_of(const Suite& suite) {
    json rows = json::object();
    for (const UserCounter& counter : suite.counters)
        rows[counter.name] = counter.usdt.empty() ? json{{"functions", counter.functions}} : json{{"usdt", counter.usdt}};
    return rows;
}

// What `client_io = "auto"` is in this run.
json client_io_here() {
    const std::string& refusal = io_uring_refusal();
    json row{{"auto", name_of(refusal.empty() ? ClientIo::io_uring : ClientIo::epoll)}};
    if (!refusal.empty()) row["reason"] = refusal;
    return row;
}

// As the suite has them, with `{root}` for what differs between two sides of a comparison.
json commands_of(const Suite& suite) {
    json rows = json::object();
    for (const auto& [name, command] : suite.commands) {
        json& row = rows[name] = {{"argv", command.argv}, {"exit_code", command.exit_code}};
        if (!command.setting.folder.empty()) row["cwd"] = command.setting.folder;
        if (!command.setting.variables.empty()) row["env"] = command.setting.variables;
        if (!command.setting.input.empty()) row["stdin"] = command.setting.input;
    }
    return rows;
}

}  // namespace

json describe_environment(const Suite& suite, const Pinning& pinning) {
    json described{{"name", suite.name}, {"sha256", suite.sha256}};
    if (!suite.case_study.empty()) described["case_study"] = suite.case_study;
    json all{{"schema", present_schema},
             {"suite", described},
             {"commands", commands_of(suite)},
             {"counters", counters_of(suite)},
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
    const bool has_load = !suite.contrasts.empty() || std::any_of(suite.cells.begin(), suite.cells.end(),
                                                                  [](const Cell& cell) { return cell.load.has_value(); });
    if (has_load) all["client_io"] = client_io_here();
    return all;
}

}  // namespace tare
