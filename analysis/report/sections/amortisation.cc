// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/amortisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/model/extremes.h"
#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

Text agreement(const Amortisation& each) {
    if (each.compared == 0) return "one independent counter";
    return fmt::format("in {} of {}", each.agreed, each.compared);
}

// Of the medians over the numbers of connections.
Cell range(const std::vector<Batch>& batches, Sample Batch::*sample) {
    Extremes seen;
    std::string reason = "not counted";
    for (const Batch& batch : batches) {
        if ((batch.*sample).present())
            seen.include((batch.*sample).estimate().value);
        else
            reason = (batch.*sample).reason();
    }
    if (!seen.any()) return document::absent(reason);
    Cell cell(document::CellType::count, document::number(*seen.least));
    cell.low = seen.least;
    cell.high = seen.most;
    if (!seen.single()) cell.content += " to " + document::number(*seen.most);
    return cell;
}

// Of any repetition, either way.
Cell largest_residual(const std::vector<Batch>& batches) {
    Extremes seen;
    for (const Batch& batch : batches) {
        for (const double residual : batch.residual.values()) seen.include(std::abs(residual));
    }
    if (!seen.any()) return document::absent("no repetition was counted by both");
    Cell cell(document::CellType::count, fmt::format("{:.4f}", *seen.most));
    cell.value = seen.most;
    return cell;
}

Row workload_of(const Amortisation& each) {
    return {code(to_string(each.workload.variant)), code(each.workload.op), document::count(each.workload.value_bytes),
            document::count(each.workload.pipeline)};
}

Row with(Row row, const Row& more) {
    row.insert(row.end(), more.begin(), more.end());
    return row;
}

// B at each number of connections that any of them was counted at.
Table completions(const std::vector<Amortisation>& workloads) {
    std::set<std::uint64_t> connections;
    for (const Amortisation& each : workloads) {
        for (const Batch& batch : each.batches) connections.insert(batch.cell.connections);
    }
    Table table{{"Variant", "Operation", "Value bytes", "Pipeline"}, {}};
    for (const std::uint64_t number : connections)
        table.header.emplace_back(document::counted(number, "connection", "connections"));
    for (const Amortisation& each : workloads) {
        Row row = workload_of(each);
        for (const std::uint64_t number : connections) {
            const auto found = std::find_if(each.batches.begin(), each.batches.end(),
                                            [&](const Batch& batch) { return batch.cell.connections == number; });
            row.push_back(found == each.batches.end() ? none() : document::count(found->size));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

Table identity(const std::vector<Amortisation>& workloads) {
    Table table{{"Variant", "Operation", "Value bytes", "Pipeline", "Others", "Awaited", "B", "Calls per request",
                 "Largest residual", "Ledger = BPF"},
                {}};
    for (const Amortisation& each : workloads)
        table.rows.push_back(with(workload_of(each), {range(each.batches, &Batch::others), range(each.batches, &Batch::awaited),
                                                      range(each.batches, &Batch::size), range(each.batches, &Batch::calls),
                                                      largest_residual(each.batches), agreement(each)}));
    return table;
}

Table points(const LoadMeasurements& load, const std::vector<Amortisation>& workloads) {
    Table table{{"Variant", "Operation", "Value bytes", "Pipeline", "Connections", "B", "Others", "Awaited", "Calls per request",
                 "Residual", "Ledger and BPF"},
                {}};
    for (const Amortisation& each : workloads) {
        for (const Batch& batch : each.batches) {
            const std::optional<bool> agreed = load.agreed(batch.cell, {"syscalls", ""});
            table.rows.push_back(with(workload_of(each), {document::count(batch.cell.connections), document::count(batch.size),
                                                          document::count(batch.others), document::count(batch.awaited),
                                                          document::count(batch.calls), document::count(batch.residual),
                                                          !agreed   ? Cell("one independent counter")
                                                          : *agreed ? Cell("agree")
                                                                    : document::verdict(document::Tone::bad, "differ")}));
        }
    }
    return table;
}

}  // namespace

Section amortisation(const Findings& findings) {
    const std::vector<Amortisation> workloads = amortisations(findings.load);
    Section section{"amortisation", "Amortisation"};
    if (workloads.empty()) return section;
    section.summary = {Paragraph{text_of(
        "B, the completions that one wait brings (io_uring: CQEs over ", code("io_uring_enter"), "; epoll: events over ",
        code("epoll_wait"),
        "), of the counted build, or of an external server's counted window, over the number of connections. B is as that "
        "build had it: probes slow it down, and a slower server finds more waiting.")}};
    for (const auto& figure : {figures::completions_per_wait, figures::syscalls_over_connections}) {
        const chart::Chart chart = figure(findings);
        if (!chart.panels.empty()) section.summary.emplace_back(document::Figure{chart});
    }
    section.details = {
        completions(workloads),
        Paragraph{
            "What follows from it: calls per request = others + awaited / B. Others are the calls that do not wait, awaited the "
            "completions that a request needs. That holds by B's definition, so it is an identity and no finding. Its residual "
            "is a check of the counting: the calls as the ledger counted them, less the other side as BPF did, where both "
            "counted."},
        identity(workloads), Heading{3, "Every point"}, points(findings.load, workloads)};
    return section;
}

}  // namespace tare::sections
