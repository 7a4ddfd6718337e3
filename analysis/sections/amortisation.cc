// SPDX-License-Identifier: Apache-2.0
#include "analysis/amortisation.h"

#include <fmt/format.h>

#include "analysis/extremes.h"
#include "analysis/markdown.h"
#include "analysis/sections/sections.h"

namespace tare::sections {
namespace {

std::string bounded(double value, const std::optional<double>& half_width) {
    return half_width ? fmt::format("{:.4f} ± {:.4f}", value, *half_width) : fmt::format("{:.4f}", value);
}

std::string agreement(const Amortisation& each) {
    if (each.compared == 0) return "one witness";
    return fmt::format("in {} of {}", each.agreed, each.compared);
}

std::string range(const std::vector<Batch>& batches, Sample Batch::*sample) {
    Extremes seen;
    for (const Batch& batch : batches) {
        if (batch.present()) seen.include((batch.*sample).estimate().value);
    }
    if (!seen.any()) return "absent";
    return fmt::format("{} to {}", markdown::number(*seen.least), markdown::number(*seen.most));
}

std::vector<std::string> line_of(const Amortisation& each, markdown::Notes& notes) {
    const auto few = [&] { return notes.shown(Figure(Absent{"fewer than two different numbers of completions per wait"})); };
    std::string absent;
    for (const Batch& batch : each.batches) {
        if (batch.present()) continue;
        const Sample& missing = batch.calls.present() ? batch.size : batch.calls;
        absent += fmt::format("{}{}: {}", absent.empty() ? "" : ", ", batch.cell.connections, notes.shown(missing));
    }
    const auto& line = each.line;
    return {markdown::code(to_string(each.workload.variant)),
            markdown::code(each.workload.op),
            std::to_string(each.workload.value_bytes),
            std::to_string(each.workload.pipeline),
            std::to_string(line ? line->count : 0),
            range(each.batches, &Batch::size),
            range(each.batches, &Batch::calls),
            line ? bounded(line->intercept, line->intercept_half_width) : few(),
            line ? bounded(line->slope, line->slope_half_width) : few(),
            line ? fmt::format("{:.4f}", line->largest_residual) : few(),
            agreement(each),
            absent.empty() ? "-" : absent};
}

// Each cell that the fits are made of.
std::vector<std::vector<std::string>> points(const LoadMeasurements& load, const std::vector<Amortisation>& fits,
                                             markdown::Notes& notes) {
    std::vector<std::vector<std::string>> lines;
    for (const Amortisation& each : fits) {
        for (const Batch& batch : each.batches) {
            const std::optional<bool> agreed = load.agreed(batch.cell, {"syscalls", ""});
            lines.push_back({markdown::code(to_string(each.workload.variant)), std::to_string(each.workload.pipeline),
                             std::to_string(batch.cell.connections), notes.shown(batch.size), notes.shown(batch.calls),
                             !agreed   ? "one witness"
                             : *agreed ? "agree"
                                       : "**differ**"});
        }
    }
    return lines;
}

}  // namespace

std::string amortisation(const Findings& findings) {
    const std::vector<Amortisation> fits = amortisations(findings.load);
    if (fits.empty()) return "";
    markdown::Notes notes("amortisation");
    std::vector<std::vector<std::string>> lines;
    for (const Amortisation& each : fits) {
        if (each.batches.size() > 1) lines.push_back(line_of(each, notes));
    }
    return "## Amortisation\n\nSystem calls per request of the counted build under load, against B, the completions that one "
           "wait "
           "brings (io_uring: CQEs over `io_uring_enter`; epoll: events over `epoll_wait`): a + b/B by least squares over the "
           "numbers of connections, each with its 95 % interval. a is what no batch saves. B is as the counted build had it: "
           "probes slow it down, and a slower server finds more waiting. What was counted at one number of connections only is "
           "among the points below.\n\n" +
           markdown::table({"Variant", "Operation", "Value bytes", "Pipeline", "Points", "B", "Calls per request", "a", "b",
                            "Largest residual", "Ledger = BPF", "Connections without"},
                           lines) +
           "<details><summary>Every point</summary>\n\n" +
           markdown::table({"Variant", "Pipeline", "Connections", "B", "Calls per request", "Ledger and BPF"},
                           points(findings.load, fits, notes)) +
           "</details>\n\n" + notes.text();
}

}  // namespace tare::sections
