// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analysis/model/sweep.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/servers.h"
#include "analysis/report/sections/validity_flags.h"
#include "core/percentiles.h"

namespace tare::sections {
namespace {

constexpr double ns_per_us = 1000;

Row named(const CellKey& cell) {
    return {code(to_string(cell.variant)), code(cell.op), document::count(cell.value_bytes), document::count(cell.connections),
            document::count(cell.pipeline)};
}

Table with_names(std::initializer_list<const char*> columns) {
    Table table{{"Variant", "Operation", "Value bytes", "Connections", "Pipeline"}, {}};
    table.header.insert(table.header.end(), columns.begin(), columns.end());
    return table;
}

Sample client_share(const LoadMeasurements& load, const CellKey& cell) {
    return load.per_request(cell, Source::client, {"client_cpu_ns", ""}) * 100.0 /
           load.per_request(cell, Source::client, {"elapsed_ns", ""});
}

Row cpu_row(const LoadMeasurements& load, const CellKey& cell) {
    Row row = named(cell);
    for (const char* const metric : {"cpu_ns", "cpu_user_ns", "cpu_system_ns"})
        row.push_back(document::time(load.per_request(cell, Source::rusage, {metric, ""})));
    row.push_back(document::time(load.requests_per_s(cell)));
    row.push_back(document::time(client_share(load, cell)));
    row.emplace_back(load.marks_text(cell));
    return row;
}

Row latency_row(const LoadMeasurements& load, const CellKey& cell, const std::string& metric) {
    Row row = named(cell);
    for (const auto& [percentile, percent] : named_percentiles)
        row.push_back(document::time(load.percentile(cell, metric, percentile), 1 / ns_per_us));
    row.emplace_back(load.marks_text(cell));
    return row;
}

// One line a workload: the rate that all its servers had to keep.
List offered(const LoadMeasurements& load, const std::vector<CellKey>& cells) {
    std::map<CellKey, std::vector<CellKey>> by_workload;
    for (const CellKey& cell : cells) by_workload[with_variant(cell, {}, Build::timed)].push_back(cell);
    List list;
    for (const auto& [workload, same] : by_workload)
        list.items.emplace_back(fmt::format("{}: {}", workload_text(workload), load.offered_text(same)));
    return list;
}

Row open_row(const LoadMeasurements& load, const CellKey& cell) {
    Row row = latency_row(load, cell, "open_latency_ns");
    const Sample late_us = load.per_request(cell, Source::client, {"late_ns", ""}) * (1 / ns_per_us);
    row.push_back(document::time(load.whole(cell, Source::client, {"offered_per_s", ""})));
    row.push_back(document::time(per_second(load.per_request(cell, Source::client, {"open_elapsed_ns", ""}))));
    row.push_back(document::time(late_us));
    row.push_back(document::time(load.percentile(cell, "late_ns", "p99"), 1 / ns_per_us));
    return row;
}

// The workload that most servers were asked, those of the user before ours.
std::vector<CellKey> main_workload(const std::vector<CellKey>& cells) {
    std::map<CellKey, std::vector<CellKey>> by_workload;
    for (const CellKey& cell : cells) by_workload[with_variant(cell, {}, Build::timed)].push_back(cell);
    const auto rank = [](const std::vector<CellKey>& same) {
        const auto external =
            std::count_if(same.begin(), same.end(), [](const CellKey& cell) { return cell.build == Build::external; });
        return std::pair(external, same.size());
    };
    const auto largest = std::max_element(by_workload.begin(), by_workload.end(), [&](const auto& left, const auto& right) {
        return rank(left.second) < rank(right.second);
    });
    std::vector<CellKey> found = largest->second;
    std::stable_partition(found.begin(), found.end(), [](const CellKey& cell) { return cell.build == Build::external; });
    return found;
}

Table at_a_glance(const LoadMeasurements& load, const std::vector<CellKey>& cells) {
    Table table{{"Server", "CPU ns", "Requests/s", "p50 us", "p99 us", "Client's CPU %"}, {}};
    const bool all_fit = cells.size() <= summary_rows_max;
    for (const CellKey& cell : cells) {
        if (!all_fit && cell.build != Build::external && !is_landmark(cell.variant)) continue;
        table.rows.push_back({code(to_string(cell.variant)), document::time(load.cpu_ns(cell)),
                              document::time(load.requests_per_s(cell)),
                              document::time(load.percentile(cell, "latency_ns", "p50"), 1 / ns_per_us),
                              document::time(load.percentile(cell, "latency_ns", "p99"), 1 / ns_per_us),
                              document::time(client_share(load, cell))});
    }
    return table;
}

}  // namespace

Section time_per_request(const Findings& findings) {
    const LoadMeasurements& load = findings.load;
    const std::vector<CellKey> cells = load.timed_cells();
    Section section{"time-per-request", "Time per Request"};
    if (cells.empty()) return section;
    Table cpu = with_names({"CPU ns", "User ns", "System ns", "Requests/s", "Client's CPU %", "Marks"});
    Table latency = with_names({"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks"});
    Table open = with_names(
        {"p50", "p90", "p99", "p99.9", "p99.99", "max", "Marks", "Offered/s", "Answered/s", "Late, mean", "Late, p99"});
    std::vector<CellKey> opened;
    for (const CellKey& cell : cells) {
        cpu.rows.push_back(cpu_row(load, cell));
        latency.rows.push_back(latency_row(load, cell, "latency_ns"));
        if (!load.has_open_loop(cell)) continue;
        opened.push_back(cell);
        open.rows.push_back(open_row(load, cell));
    }
    const std::vector<CellKey> shown_first = main_workload(cells);
    section.summary = {
        Paragraph{fmt::format(
            "Under load, without a probe: {}. Medians over the repetitions with 95 % intervals in square brackets; in "
            "round ones the range, of fewer than six. CPU is the server's, all threads, in ns per request. {}",
            workload_text(shown_first.front()), loopback_caveat)},
        at_a_glance(load, shown_first)};
    const chart::Chart chart = figures::latency_percentiles(findings);
    if (!chart.panels.empty()) section.summary.emplace_back(document::Figure{chart});
    section.details = {
        Heading{3, "CPU and throughput"},
        Paragraph{"How the kernel divides CPU into user and system is by ticks. The client's share is of one core."},
        cpu,
        Heading{3, "Latency, closed loop"},
        Paragraph{"Microseconds, of one request; percentiles of all repetitions together, with an interval over the "
                  "repetitions:"},
        latency,
        Heading{3, "Open loop"}};
    if (open.rows.empty())
        section.details.emplace_back(Paragraph{"This run holds no open-loop window."});
    else
        section.details.insert(
            section.details.end(),
            {Paragraph{
                 "Requests arrive at a rate of their own, one for all servers of a workload; latency in microseconds counts from "
                 "when a request was due. Lateness is how long after that the client sent it. Percentiles are of all repetitions "
                 "together. Requests were due:"},
             offered(load, opened), open});
    add_marked_cells(section, load, {shown_first.begin(), shown_first.end()});
    return section;
}

}  // namespace tare::sections
