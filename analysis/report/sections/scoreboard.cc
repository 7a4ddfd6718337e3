// SPDX-License-Identifier: Apache-2.0
// Servers side by side, others and ours: what BPF counted of each for the same request, one at a time, and its CPU time under
// load. Only of workloads that some external server has.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analysis/model/idle_activity.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/servers.h"
#include "analysis/report/sections/validity_flags.h"

namespace tare::sections {
namespace {

using Request = std::tuple<std::string, std::uint64_t, std::uint64_t>;  // op, value_bytes, key_bytes
using Workloads = std::map<Request, std::vector<CellKey>>;

// Our servers in the counted build, once each; the no-op baselines parse no request.
bool unpipelined(const CellKey& cell) {
    if (cell.build == Build::timed || cell.variant.server == "null") return false;
    return cell.mode == Mode::lockstep && cell.pipeline == 1 && !is_idle_activity(cell);
}

Workloads workloads_of(const Measurements& measured) {
    Workloads workloads;
    const auto request_of = [](const CellKey& cell) { return Request{cell.op, cell.value_bytes, cell.key_bytes}; };
    for (const CellKey& cell : measured.cells()) {
        if (unpipelined(cell) && cell.build == Build::external) workloads[request_of(cell)];
    }
    for (const CellKey& cell : measured.cells()) {
        const auto found = workloads.find(request_of(cell));
        if (unpipelined(cell) && found != workloads.end()) found->second.push_back(cell);
    }
    for (auto& [request, cells] : workloads)
        std::stable_partition(cells.begin(), cells.end(), [](const CellKey& cell) { return cell.build == Build::external; });
    return workloads;
}

// "epoll_wait, read, sendmsg 2": each once a request where no number stands, or as often as the total where it is all.
std::vector<Text> parts_of(const Measurements& measured, const CellKey& cell, const std::string& metric) {
    const PerRequest total = measured.figure(cell, Source::bpf, {metric, ""});
    std::vector<Text> parts;
    for (const auto& [name, figure] : measured.parts(cell, Source::bpf, metric)) {
        const bool told = figure.present() && (figure.value() == 1 || figure == total);
        parts.push_back(told ? Text(name) : text_of(name, " ", shown(figure)));
    }
    return parts;
}

Cell with_parts(const Measurements& measured, const CellKey& cell, const std::string& metric) {
    Cell total = document::cell(measured.figure(cell, Source::bpf, {metric, ""}));
    const std::vector<Text> parts = parts_of(measured, cell, metric);
    total.type = document::CellType::text;
    if (!parts.empty()) total.content += text_of(": ", joined(parts, ", "));
    return total;
}

// "2: recv, send" where as many complete as are submitted, of the same kinds; else both queues.
Cell queue_operations(const Measurements& measured, const CellKey& cell) {
    Cell submitted = with_parts(measured, cell, "sqes");
    const Cell completed = with_parts(measured, cell, "cqes");
    const bool neither = submitted.value == 0.0 && completed.value == 0.0;
    if (submitted.value && !neither) submitted.content = text_of("SQEs ", submitted.content, "; CQEs ", completed.content);
    return submitted;
}

Cell with_bytes(const Measurements& measured, const CellKey& cell, const char* calls, const char* bytes) {
    Cell number = with_parts(measured, cell, calls);
    const PerRequest size = measured.figure(cell, Source::bpf, {bytes, ""});
    if (number.value != 0.0 || !size.present()) number.content += text_of(" (", shown(size), " bytes)");
    return number;
}

// Calls that brought the request no further.
Text wasted(const Measurements& measured, const CellKey& cell) {
    return text_of("EAGAIN ", shown(measured.figure(cell, Source::bpf, {"syscalls_eagain", ""})), ", zero-length ",
                   shown(measured.figure(cell, Source::bpf, {"syscalls_zero", ""})), ", epoll_ctl ",
                   shown(measured.figure(cell, Source::bpf, {"syscalls", "epoll_ctl"})));
}

// The cells under load with the same request and pipeline 1: the one of so many connections, else that of most.
std::optional<CellKey> load_cell_of(const LoadMeasurements& load, const CellKey& cell,
                                    const std::optional<std::uint64_t>& connections = std::nullopt) {
    std::optional<CellKey> found;
    for (const CellKey& timed : load.timed_cells()) {
        const bool same = timed.variant == cell.variant && timed.op == cell.op && timed.value_bytes == cell.value_bytes &&
                          timed.key_bytes == cell.key_bytes && timed.pipeline == 1;
        if (same && timed.connections == connections) return timed;
        if (same && (!found || timed.connections > found->connections)) found = timed;
    }
    return found;
}

// At how many connections servers of one request are held against each other: as many as the other's had.
std::optional<std::uint64_t> common_connections(const LoadMeasurements& load, const std::vector<CellKey>& cells) {
    std::optional<std::uint64_t> most;
    for (const CellKey& cell : cells) {
        const std::optional<CellKey> timed = load_cell_of(load, cell);
        if (cell.build == Build::external && timed) most = std::max(most.value_or(0), timed->connections);
    }
    return most;
}

Cell cpu(const LoadMeasurements& load, const CellKey& cell, const std::optional<std::uint64_t>& connections,
         std::set<CellKey>& used) {
    const std::optional<CellKey> timed = load_cell_of(load, cell, connections);
    if (!timed) return document::absent("this run puts no such load on it");
    used.insert(*timed);
    Cell cpu = document::time(load.cpu_ns(*timed));
    if (cpu.value) cpu.content += fmt::format(" at {}", timed->connections);
    return cpu;
}

Cell version_cell(const Run& run, const CellKey& cell) {
    if (cell.build != Build::external) {
        const auto& tare = run.environment.value("tare", nlohmann::json::object());
        return "tare " + tare.value("version", std::string("of unknown version"));
    }
    const Measured<std::string> version = version_of(run, cell.variant.server);
    return version.present() ? Cell(version.value()) : document::absent(version.reason());
}

// What a reader sees of a workload: all where they fit, else others' servers and our landmarks.
Table fitting(const Table& all, const std::vector<CellKey>& cells) {
    if (all.rows.size() <= summary_rows_max) return all;
    Table table{all.header, {}};
    for (std::size_t place = 0; place < cells.size(); ++place) {
        if (cells[place].build == Build::external || is_landmark(cells[place].variant)) table.rows.push_back(all.rows[place]);
    }
    return table;
}

}  // namespace

Section scoreboard(const Findings& findings) {
    const Measurements& measured = findings.measured;
    Section section{"scoreboard", "Scoreboard"};
    const Workloads workloads = workloads_of(measured);
    if (workloads.empty()) return section;
    section.summary = {
        Paragraph{"For one request, sent alone, as BPF counted it in each server: by name, once each where no number stands. "
                  "Copies are those that "
                  "reach a C library. What a server does without being asked is not in here, but in the next section. CPU is of "
                  "another window, "
                  "under load and without a probe, in ns per request at so many connections."}};
    std::set<CellKey> used;
    for (const auto& [request, cells] : workloads) {
        const auto& [op, value_bytes, key_bytes] = request;
        Table table{{"Server", "System calls", "Queue operations", "Allocations", "libc-visible copies", "CPU ns"}, {}};
        Table more{{"Server", "Version", "Bytes through sockets", "Context switches", "Wasted calls"}, {}};
        const std::optional<std::uint64_t> connections = common_connections(findings.load, cells);
        for (const CellKey& cell : cells) {
            table.rows.push_back({code(to_string(cell.variant)), with_parts(measured, cell, "syscalls"),
                                  queue_operations(measured, cell), with_bytes(measured, cell, "allocations", "allocated_bytes"),
                                  with_bytes(measured, cell, "copies", "copied_bytes"),
                                  cpu(findings.load, cell, connections, used)});
            more.rows.push_back({code(to_string(cell.variant)), version_cell(findings.run, cell),
                                 with_parts(measured, cell, "kernel_copied_bytes"),
                                 document::cell(measured.figure(cell, Source::bpf, {"context_switches", ""})),
                                 wasted(measured, cell)});
        }
        const Heading heading{3, text_of(code(op), ", ", document::counted(value_bytes, "byte", "bytes"), " of value")};
        const Table first = fitting(table, cells);
        section.summary.insert(section.summary.end(), {heading, first});
        section.details.emplace_back(heading);
        if (first.rows.size() < table.rows.size()) section.details.emplace_back(table);
        section.details.emplace_back(more);
    }
    section.summary.emplace_back(Paragraph{loopback_caveat});
    add_marked_cells(section, findings.load, used);
    return section;
}

}  // namespace tare::sections
