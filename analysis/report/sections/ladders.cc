// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <optional>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::array<const char*, 6> counted_metrics{"syscalls", "sqes", "cqes", "allocations", "copies", "copied_bytes"};
constexpr std::array<const char*, 3> tellers{"prediction", "ledger", "bpf"};

// One figure when all three say the same, else each with its name; who did not count is named absent.
std::string told(const Findings& findings, const CellKey& cell, const char* metric, bool& agreed) {
    std::optional<double> first;
    std::string each;
    bool same = true;
    bool absent = false;
    for (const char* const teller : tellers) {
        const Figure figure = findings.measured.figure(cell, teller, {metric, ""});
        each += fmt::format("{}{} {}", each.empty() ? "" : ", ", teller, figure.present() ? figure.text() : "absent");
        if (!figure.present()) {
            absent = true;
            continue;
        }
        same = same && first.value_or(figure.value()) == figure.value();
        first = figure.value();
    }
    agreed = agreed && same;
    if (!same || !first) return each;
    return absent ? fmt::format("{} ({})", Figure(*first).text(), each) : Figure(*first).text();
}

}  // namespace

std::string ladders(const Findings& findings) {
    std::vector<std::vector<std::string>> lines;
    std::vector<std::vector<std::string>> differing;
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.build != "counted" || cell.mode != "lockstep") continue;
        std::vector<std::string> line{markdown::code(to_string(cell.variant)), markdown::code(cell.op),
                                      std::to_string(cell.value_bytes), std::to_string(cell.pipeline)};
        bool agreed = true;
        for (const char* const metric : counted_metrics) line.push_back(told(findings, cell, metric, agreed));
        lines.push_back(line);
        if (!agreed) differing.push_back(line);
    }
    if (lines.empty()) return "";
    const std::vector<std::string> header{"Variant", "Operation", "Value bytes", "Pipeline", "Syscalls",
                                          "SQEs",    "CQEs",      "Allocations", "Copies",   "Copied bytes"};
    std::string text = fmt::format(
        "## Both Ladders\n\nEvery cell of the counted build, per request: one number where prediction, ledger and BPF say the "
        "same, else each. Of {} cells, they differ in {}. Where a prediction is absent, the value crosses the socket in pieces; "
        "calls that only BPF sees are the allocator's own (`brk`, `mmap`, `munmap`, `madvise`).\n\n",
        lines.size(), differing.size());
    if (!differing.empty()) text += markdown::table(header, differing);
    return text + "<details><summary>All of them</summary>\n\n" + markdown::table(header, lines) + "</details>\n\n";
}

}  // namespace tare::sections
