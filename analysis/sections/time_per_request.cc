// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/markdown.h"
#include "analysis/sections/marks.h"
#include "analysis/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 6> percentiles{"p50", "p90", "p99", "p99.9", "p99.99", "max"};
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

std::vector<std::string> latency_line(const LoadMeasurements& load, const CellKey& cell, const std::string& prefix,
                                      markdown::Notes& notes) {
    std::vector<std::string> line = named(cell);
    for (const char* const percentile : percentiles)
        line.push_back(notes.shown(load.whole(cell, "client", {prefix + "latency_percentile_ns", percentile}) * (1 / ns_per_us)));
    line.push_back(markdown::escaped(load.marks_text(cell)));
    return line;
}

// A cell has an open-loop window where its suite asked for one.
bool opened(const LoadMeasurements& load, const CellKey& cell) {
    return !load.parts(cell, "client", "open_latency_percentile_ns").empty() ||
           load.whole(cell, "client", {"offered_per_s", ""}).present();
}

std::vector<std::string> open_line(const LoadMeasurements& load, const CellKey& cell, markdown::Notes& notes) {
    std::vector<std::string> line = latency_line(load, cell, "open_", notes);
    const Sample late_us = load.per_request(cell, "client", {"late_ns", ""}) * (1 / ns_per_us);
    const Sample late_p99_us = load.whole(cell, "client", {"late_percentile_ns", "p99"}) * (1 / ns_per_us);
    line.push_back(notes.shown(load.whole(cell, "client", {"offered_per_s", ""})));
    line.push_back(notes.shown(per_second(load.per_request(cell, "client", {"open_elapsed_ns", ""}))));
    line.push_back(notes.shown(late_us));
    line.push_back(notes.shown(late_p99_us));
    return line;
}

}  // namespace

std::string time_per_request(const Findings& findings) {
    const LoadMeasurements& load = findings.load;
    const std::vector<CellKey> cells = load.timed_cells();
    if (cells.empty()) return "";
    markdown::Notes notes("time");
    Rows cpu, latency, open;
    for (const CellKey& cell : cells) {
        cpu.push_back(cpu_line(load, cell, notes));
        latency.push_back(latency_line(load, cell, "", notes));
        if (opened(load, cell)) open.push_back(open_line(load, cell, notes));
    }
    std::string text = fmt::format(
        "## Time per Request\n\nThe timed build under load, without a probe. Each figure is the median over the repetitions with "
        "its 95 % interval in square brackets; in round ones the range, of fewer than six repetitions. CPU is the server's, all "
        "threads, in ns per request; how the kernel divides it into user and system is by ticks. The client's share is of one "
        "core. {}\n\n",
        loopback_caveat);
    text += markdown::table(with_names({"CPU ns", "User ns", "System ns", "Requests/s", "Client's CPU %", "Marks"}), cpu);
    text += "<details><summary>Latency, closed loop</summary>\n\nMicroseconds, of one request:\n\n" +
            markdown::table(with_names({"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks"}), latency) + "</details>\n\n";
    if (open.empty())
        text += "This run holds no open-loop window.\n\n";
    else
        text +=
            "### Open loop\n\nRequests arrive at a rate of their own; latency in microseconds counts from when a request was "
            "due. Lateness is how long after that the client sent it.\n\n" +
            markdown::table(with_names({"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks", "Offered/s", "Answered/s",
                                        "Late, mean", "Late, p99"}),
                            open);
    return text + notes.text();
}

}  // namespace tare::sections
