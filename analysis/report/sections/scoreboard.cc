// SPDX-License-Identifier: Apache-2.0
// Servers side by side, ours and others: what BPF counted of each for the same request, one at a time, and its CPU time under
// load. Only of workloads that some external server has.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <tuple>

#include "analysis/model/idle_activity.h"
#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {
namespace {

using Request = std::tuple<std::string, std::uint64_t, std::uint64_t>;  // op, value_bytes, key_bytes
using Workloads = std::map<Request, std::vector<CellKey>>;

// Our servers in the counted build, once each; the no-op baselines parse no request.
bool unpipelined(const CellKey& cell) {
    if (cell.build == "timed" || cell.variant.server == "null") return false;
    return cell.mode == "lockstep" && cell.pipeline == 1 && !is_idle_activity(cell);
}

Workloads workloads_of(const Measurements& measured) {
    Workloads workloads;
    const auto request_of = [](const CellKey& cell) { return Request{cell.op, cell.value_bytes, cell.key_bytes}; };
    for (const CellKey& cell : measured.cells()) {
        if (unpipelined(cell) && cell.build == "external") workloads[request_of(cell)];
    }
    for (const CellKey& cell : measured.cells()) {
        const auto found = workloads.find(request_of(cell));
        if (unpipelined(cell) && found != workloads.end()) found->second.push_back(cell);
    }
    return workloads;
}

// "3: epoll_wait 1, read 1, sendmsg 1"; the total alone where there are no parts.
std::string with_parts(const Measurements& measured, const CellKey& cell, const std::string& metric, markdown::Notes& notes) {
    std::vector<std::string> parts;
    for (const auto& [name, figure] : measured.parts(cell, "bpf", metric))
        parts.push_back(markdown::escaped(name) + " " + notes.shown(figure));
    const std::string total = notes.shown(measured.figure(cell, "bpf", {metric, ""}));
    return parts.empty() ? total : fmt::format("{}: {}", total, fmt::join(parts, ", "));
}

std::string calls_and_bytes(const Measurements& measured, const CellKey& cell, const char* calls, const char* bytes,
                            markdown::Notes& notes) {
    const std::string number = notes.shown(measured.figure(cell, "bpf", {calls, ""}));  // its footnote comes first
    return fmt::format("{} ({} bytes)", number, notes.shown(measured.figure(cell, "bpf", {bytes, ""})));
}

// Calls that brought the request no further.
std::string wasted(const Measurements& measured, const CellKey& cell, markdown::Notes& notes) {
    const std::string eagain = notes.shown(measured.figure(cell, "bpf", {"syscalls_eagain", ""}));
    const std::string empty = notes.shown(measured.figure(cell, "bpf", {"syscalls_zero", ""}));
    return fmt::format("EAGAIN {}, zero-length {}, epoll_ctl {}", eagain, empty,
                       notes.shown(measured.figure(cell, "bpf", {"syscalls", "epoll_ctl"})));
}

// The cell under load with the same request; of several the one of pipeline 1 with most connections.
std::optional<CellKey> load_cell_of(const LoadMeasurements& load, const CellKey& cell) {
    std::optional<CellKey> found;
    for (const CellKey& timed : load.timed_cells()) {
        const bool same = timed.variant == cell.variant && timed.op == cell.op && timed.value_bytes == cell.value_bytes &&
                          timed.key_bytes == cell.key_bytes && timed.pipeline == 1;
        if (same && (!found || timed.connections > found->connections)) found = timed;
    }
    return found;
}

std::string cpu(const LoadMeasurements& load, const CellKey& cell, std::set<CellKey>& used, markdown::Notes& notes) {
    const std::optional<CellKey> timed = load_cell_of(load, cell);
    if (!timed) return notes.shown(Sample(Absent{"this run puts no such load on it"}));
    used.insert(*timed);
    return fmt::format("{} at {}", notes.shown(load.cpu_ns(*timed)), timed->connections);
}

std::string version_of(const Run& run, const CellKey& cell) {
    if (cell.build != "external") {
        const auto& tare = run.environment.value("tare", nlohmann::json::object());
        return markdown::escaped("tare " + tare.value("version", std::string("of unknown version")));
    }
    // Those that a comparison starts from a folder of its own have theirs elsewhere (results/README.md).
    for (const char* const place : {"/foreign_servers/{}/version", "/subject/versions/{}"}) {
        const nlohmann::json::json_pointer version(fmt::format(fmt::runtime(place), cell.variant.server));
        if (run.environment.contains(version)) return markdown::escaped(run.environment.at(version).get<std::string>());
    }
    return "unknown";
}

}  // namespace

std::string scoreboard(const Findings& findings) {
    const Measurements& measured = findings.measured;
    const Workloads workloads = workloads_of(measured);
    if (workloads.empty()) return "";
    std::string text =
        "## Scoreboard\n\nFor one request, sent alone, as BPF counted it in each server; copies are those that reach a C "
        "library. What a server does without being asked is not in here, but in the next section. CPU is of "
        "another window, under load and without a probe, in ns per request at so many connections.\n\n";
    markdown::Notes notes("scoreboard");
    std::set<CellKey> used;
    for (const auto& [request, cells] : workloads) {
        const auto& [op, value_bytes, key_bytes] = request;
        std::vector<std::vector<std::string>> rows;
        for (const CellKey& cell : cells)
            rows.push_back({markdown::code(to_string(cell.variant)), version_of(findings.run, cell),
                            with_parts(measured, cell, "syscalls", notes),
                            calls_and_bytes(measured, cell, "allocations", "allocated_bytes", notes),
                            calls_and_bytes(measured, cell, "copies", "copied_bytes", notes),
                            with_parts(measured, cell, "kernel_copied_bytes", notes),
                            notes.shown(measured.figure(cell, "bpf", {"context_switches", ""})),
                            cpu(findings.load, cell, used, notes), wasted(measured, cell, notes)});
        text += fmt::format("### {}, {} byte{} of value\n\n", markdown::code(op), value_bytes, value_bytes == 1 ? "" : "s");
        text += markdown::table({"Server", "Version", "System calls", "Allocations", "libc-visible copies",
                                 "Bytes through sockets", "Context switches", "CPU ns", "Wasted calls"},
                                rows);
    }
    return text + fmt::format("{}\n\n", loopback_caveat) + notes.text() + marked_cells(findings.load, used);
}

}  // namespace tare::sections
