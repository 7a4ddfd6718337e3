// SPDX-License-Identifier: Apache-2.0
// Servers held against each other in turn under load: how many times the first one's time a request each other takes.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/figures/figures.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

Cell ratio_cell(const ContrastFinding& finding, const ContrastSubject& subject, ContrastMetric metric) {
    if (subject.role == ContrastRole::first) return none();
    const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, metric);
    if (!ratio.present()) return document::absent(ratio.reason());
    Cell cell(document::CellType::ratio, ratio_text(ratio.value()));
    cell.value = ratio.value().value;
    cell.low = ratio.value().interval.low;
    cell.high = ratio.value().interval.high;
    return cell;
}

Cell difference_cell(const ContrastFinding& finding, const ContrastSubject& subject) {
    return subject.role == ContrastRole::first ? none() : document::time(difference_ns(finding, subject));
}

Cell median_cell(const ContrastFinding& finding, const ContrastSubject& subject, ContrastMetric metric, double factor = 1) {
    const Measured<double> median = finding.ratios.median(subject, metric);
    if (!median.present()) return document::absent(median.reason());
    Cell cell(document::CellType::time, document::number(median.value() * factor));
    cell.value = median.value() * factor;
    return cell;
}

Text name_of(const ContrastSubject& subject) {
    return subject.role == ContrastRole::control ? text_of(code(subject.name), ", the control") : Text(code(subject.name));
}

// What a reader wants first: who is held against whom, and what comes out.
Table at_a_glance(const std::vector<ContrastFinding>& contrasts) {
    Table table{{"Contrast", "Server", "Against", "Times its CPU a request", "ns more a request", "Times its requests/s"}, {}};
    for (const ContrastFinding& finding : contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            if (subject.role != ContrastRole::other) continue;
            table.rows.push_back({finding.name, code(subject.name), code(finding.first().name),
                                  ratio_cell(finding, subject, ContrastMetric::server_cpu), difference_cell(finding, subject),
                                  ratio_cell(finding, subject, ContrastMetric::requests_per_s)});
        }
    }
    return table;
}

Table whole(const ContrastFinding& finding) {
    Table table{{"Server", "CPU ns", "Times the first's", "ns more", "Requests/s", "Times the first's", "Client's CPU ns",
                 "Times the first's", "p50 us", "Times the first's"},
                {}};
    for (const ContrastSubject& subject : finding.ratios.subjects()) {
        Row row{name_of(subject)};
        for (const ContrastMetric metric : {ContrastMetric::server_cpu, ContrastMetric::requests_per_s,
                                            ContrastMetric::client_cpu, ContrastMetric::latency_p50}) {
            row.push_back(median_cell(finding, subject, metric, metric == ContrastMetric::latency_p50 ? 1e-3 : 1));
            row.push_back(ratio_cell(finding, subject, metric));
            if (metric == ContrastMetric::server_cpu) row.push_back(difference_cell(finding, subject));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

// How many controls, of those that have an interval, leave out 1: the share that must be wrong by chance is 5 %.
Text controls_text(const std::vector<ContrastFinding>& contrasts) {
    std::size_t all = 0, wrong = 0;
    for (const ContrastFinding& finding : contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            if (subject.role != ContrastRole::control) continue;
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, ContrastMetric::server_cpu);
            if (!ratio.present()) continue;
            ++all;
            wrong += ratio.value().interval.contains(1) ? 0 : 1;
        }
    }
    return fmt::format(
        "In each contrast the first server is asked once more, by processes of its own: of {}, the interval leaves out "
        "1 in {}.",
        document::counted(all, "such control", "such controls"), wrong);
}

}  // namespace

Section contrasts(const Findings& findings) {
    Section section{"contrasts", "Servers in Turn"};
    if (findings.contrasts.empty()) return section;
    section.summary = {
        Paragraph{
            text_of("Under load, in short slices and in turn, on fresh processes: what a request takes of the server's CPU "
                    "time, held against another server, with 95 % intervals over generations of processes. Below 1 is less. ",
                    controls_text(findings.contrasts))},
        at_a_glance(findings.contrasts)};
    const chart::Chart chart = figures::contrasts(findings);
    if (!chart.panels.empty()) section.summary.emplace_back(document::Figure{chart});
    for (const ContrastFinding& finding : findings.contrasts) {
        section.details.emplace_back(Heading{3, finding.name});
        const std::string marks = marks_text(finding.ratios);
        section.details.emplace_back(
            Paragraph{fmt::format("{}. {}.{}", finding.workload.present() ? finding.workload.value() : finding.workload.reason(),
                                  how_it_was_run(finding), marks.empty() ? "" : " Marked: " + marks + ".")});
        section.details.emplace_back(whole(finding));
    }
    return section;
}

}  // namespace tare::sections
