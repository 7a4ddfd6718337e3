// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/validity_flags.h"
#include "core/percentiles.h"

namespace tare::sections {
namespace {

constexpr double ns_per_us = 1000;

using Rows = std::vector<std::vector<std::string>>;

std::vector<std::string> named(const CellKey& cell) {
    return {markdown::code(to_string(cell.variant)), markdown::code(cell.op), std::to_string(cell.value_bytes),
            std::to_string(cell.connections), std::to_string(cell.pipeline)};
}

std::vector<std::string> with_names(std::initializer_list<const char*> columns) {
    std::vector<std::string> header{"Variant", "Operation", "Value bytes", "Connections", "Pipeline"};
    header.insert(header.end(), columns.begin(), columns.end());
    return header;
}

std::vector<std::string> cpu_line(const LoadMeasurements& load, const CellKey& cell, markdown::Notes& notes) {
    std::vector<std::string> line = named(cell);
    for (const char* const metric : {"cpu_ns", "cpu_user_ns", "cpu_system_ns"})
        line.push_back(notes.shown(load.per_request(cell, "rusage", {metric, ""})));
    line.push_back(notes.shown(load.requests_per_s(cell)));
    const Sample client_share =
        load.per_request(cell, "client", {"client_cpu_ns", ""}) * 100.0 / load.per_request(cell, "client", {"elapsed_ns", ""});
    line.push_back(notes.shown(client_share));
    line.push_back(markdown::escaped(load.marks_text(cell)));
    return line;
}

std::vector<std::string> latency_line(const LoadMeasurements& load, const CellKey& cell, const std::string& metric,
                                      markdown::Notes& notes) {
    std::vector<std::string> line = named(cell);
    for (const auto& [percentile, percent] : named_percentiles)
        line.push_back(notes.shown(load.percentile(cell, metric, percentile), 1 / ns_per_us));
    line.push_back(markdown::escaped(load.marks_text(cell)));
    return line;
}

// One line a workload: the rate that all its servers had to keep.
std::string offered_lines(const LoadMeasurements& load, const std::vector<CellKey>& cells) {
    std::map<CellKey, std::vector<CellKey>> by_workload;
    for (const CellKey& cell : cells) by_workload[with_variant(cell, {}, "")].push_back(cell);
    std::string text;
    for (const auto& [workload, same] : by_workload)
        text += fmt::format("- {}: {}\n", workload_text(workload), load.offered_text(same));
    return text;
}

std::vector<std::string> open_line(const LoadMeasurements& load, const CellKey& cell, markdown::Notes& notes) {
    std::vector<std::string> line = latency_line(load, cell, "open_latency_ns", notes);
    const Sample late_us = load.per_request(cell, "client", {"late_ns", ""}) * (1 / ns_per_us);
    line.push_back(notes.shown(load.whole(cell, "client", {"offered_per_s", ""})));
    line.push_back(notes.shown(per_second(load.per_request(cell, "client", {"open_elapsed_ns", ""}))));
    line.push_back(notes.shown(late_us));
    line.push_back(notes.shown(load.percentile(cell, "late_ns", "p99"), 1 / ns_per_us));
    return line;
}

}  // namespace

std::string time_per_request(const Findings& findings) {
    const LoadMeasurements& load = findings.load;
    const std::vector<CellKey> cells = load.timed_cells();
    if (cells.empty()) return "";
    markdown::Notes notes("time");
    Rows cpu, latency, open;
    std::vector<CellKey> opened;
    for (const CellKey& cell : cells) {
        cpu.push_back(cpu_line(load, cell, notes));
        latency.push_back(latency_line(load, cell, "latency_ns", notes));
        if (!load.has_open_loop(cell)) continue;
        opened.push_back(cell);
        open.push_back(open_line(load, cell, notes));
    }
    std::string text = fmt::format(
        "## Time per Request\n\nThe timed build under load, without a probe. Each figure is the median over the repetitions with "
        "its 95 % interval in square brackets; in round ones the range, of fewer than six repetitions. CPU is the server's, all "
        "threads, in ns per request; how the kernel divides it into user and system is by ticks. The client's share is of one "
        "core. {}\n\n",
        loopback_caveat);
    text += markdown::table(with_names({"CPU ns", "User ns", "System ns", "Requests/s", "Client's CPU %", "Marks"}), cpu);
    text +=
        "<details><summary>Latency, closed loop</summary>\n\nMicroseconds, of one request; "
        "percentiles of all repetitions together, with an interval over the repetitions:\n\n" +
        markdown::table(with_names({"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks"}), latency) + "</details>\n\n";
    if (open.empty())
        text += "This run holds no open-loop window.\n\n";
    else
        text +=
            "### Open loop\n\nRequests arrive at a rate of their own, one for all servers of a workload; latency in "
            "microseconds counts from when a request was due. Lateness is how long after that the client sent it. "
            "Percentiles are of all repetitions together. Requests were due:\n\n" +
            offered_lines(load, opened) + "\n" +
            markdown::table(with_names({"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks", "Offered/s", "Answered/s",
                                        "Late, mean", "Late, p99"}),
                            open);
    return text + notes.text();
}

}  // namespace tare::sections
