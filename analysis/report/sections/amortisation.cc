// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/amortisation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/model/extremes.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

using Lines = std::vector<std::vector<std::string>>;

std::string agreement(const Amortisation& each) {
    if (each.compared == 0) return "one independent counter";
    return fmt::format("in {} of {}", each.agreed, each.compared);
}

// Of the medians over the numbers of connections.
std::string range(const std::vector<Batch>& batches, Sample Batch::*sample) {
    Extremes seen;
    for (const Batch& batch : batches) {
        if ((batch.*sample).present()) seen.include((batch.*sample).estimate().value);
    }
    if (!seen.any()) return "absent";
    if (seen.single()) return markdown::number(*seen.least);
    return fmt::format("{} to {}", markdown::number(*seen.least), markdown::number(*seen.most));
}

// Of any repetition, either way.
std::string largest_residual(const std::vector<Batch>& batches) {
    Extremes seen;
    for (const Batch& batch : batches) {
        for (const double residual : batch.residual.values()) seen.include(std::abs(residual));
    }
    return seen.any() ? fmt::format("{:.4f}", *seen.most) : "absent";
}

std::vector<std::string> workload_of(const Amortisation& each) {
    return {markdown::code(to_string(each.workload.variant)), markdown::code(each.workload.op),
            std::to_string(each.workload.value_bytes), std::to_string(each.workload.pipeline)};
}

std::vector<std::string> with(std::vector<std::string> line, const std::vector<std::string>& more) {
    line.insert(line.end(), more.begin(), more.end());
    return line;
}

// B at each number of connections that any of them was counted at.
std::string completions(const std::vector<Amortisation>& workloads, markdown::Notes& notes) {
    std::set<std::uint64_t> connections;
    for (const Amortisation& each : workloads) {
        for (const Batch& batch : each.batches) connections.insert(batch.cell.connections);
    }
    std::vector<std::string> header{"Variant", "Operation", "Value bytes", "Pipeline"};
    for (const std::uint64_t number : connections)
        header.push_back(fmt::format("{} connection{}", number, number == 1 ? "" : "s"));
    Lines lines;
    for (const Amortisation& each : workloads) {
        std::vector<std::string> line = workload_of(each);
        for (const std::uint64_t number : connections) {
            const auto found = std::find_if(each.batches.begin(), each.batches.end(),
                                            [&](const Batch& batch) { return batch.cell.connections == number; });
            line.push_back(found == each.batches.end() ? "-" : notes.shown(found->size));
        }
        lines.push_back(line);
    }
    return markdown::table(header, lines);
}

std::string identity(const std::vector<Amortisation>& workloads) {
    Lines lines;
    for (const Amortisation& each : workloads)
        lines.push_back(with(workload_of(each), {range(each.batches, &Batch::others), range(each.batches, &Batch::awaited),
                                                 range(each.batches, &Batch::size), range(each.batches, &Batch::calls),
                                                 largest_residual(each.batches), agreement(each)}));
    return markdown::table({"Variant", "Operation", "Value bytes", "Pipeline", "Others", "Awaited", "B", "Calls per request",
                            "Largest residual", "Ledger = BPF"},
                           lines);
}

std::string points(const LoadMeasurements& load, const std::vector<Amortisation>& workloads, markdown::Notes& notes) {
    Lines lines;
    for (const Amortisation& each : workloads) {
        for (const Batch& batch : each.batches) {
            const std::optional<bool> agreed = load.agreed(batch.cell, {"syscalls", ""});
            lines.push_back(with(workload_of(each),
                                 {std::to_string(batch.cell.connections), notes.shown(batch.size), notes.shown(batch.others),
                                  notes.shown(batch.awaited), notes.shown(batch.calls), notes.shown(batch.residual),
                                  !agreed   ? "one independent counter"
                                  : *agreed ? "agree"
                                            : "**differ**"}));
        }
    }
    return markdown::table({"Variant", "Operation", "Value bytes", "Pipeline", "Connections", "B", "Others", "Awaited",
                            "Calls per request", "Residual", "Ledger and BPF"},
                           lines);
}

}  // namespace

std::string amortisation(const Findings& findings) {
    const std::vector<Amortisation> workloads = amortisations(findings.load);
    if (workloads.empty()) return "";
    markdown::Notes notes("amortisation");
    const std::string found = completions(workloads, notes);
    const std::string every = points(findings.load, workloads, notes);
    return "## Amortisation\n\nWhat was found: B, the completions that one wait brings (io_uring: CQEs over `io_uring_enter`; "
           "epoll: events over `epoll_wait`), of the counted build over the number of connections. B is as that build had it: "
           "probes slow it down, and a slower server finds more waiting.\n\n" +
           found +
           "What follows from it: calls per request = others + awaited / B. Others are the calls that do not wait, awaited the "
           "completions that a request needs. That holds by B's definition, so it is an identity and no finding. Its residual is "
           "a check of the counting: the calls as the ledger counted them, less the other side as BPF did, where both "
           "counted.\n\n" +
           identity(workloads) + "<details><summary>Every point</summary>\n\n" + every + "</details>\n\n" + notes.text();
}

}  // namespace tare::sections
