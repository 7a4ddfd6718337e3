// SPDX-License-Identifier: Apache-2.0
// The verdicts on the reference document's claims, section by section of the reference document.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "analysis/case_study/figures/figures.h"

namespace tare::figures {
namespace {

constexpr std::array<Verdict, 3> verdicts{Verdict::confirmed, Verdict::disproved, Verdict::not_judged};

}  // namespace

chart::Chart claims(const CaseStudyFindings& findings) {
    chart::Chart chart{"claims",
                       "The reference document's claims, held against this run",
                       "A claim about several operations counts once for each.",
                       "bars",
                       {"section of the reference document", "category"},
                       {"claims", "linear"}};
    if (findings.judgements.empty()) {
        chart.notes.emplace_back("no claim was judged");
        return chart;
    }
    std::vector<std::string> sections;
    for (const Judgement& judgement : findings.judgements) {
        const std::string& section = judgement.claim->section;
        if (std::find(sections.begin(), sections.end(), section) == sections.end()) sections.push_back(section);
    }
    chart::Panel panel{""};
    for (const Verdict verdict : verdicts) {
        chart::Series series{std::string(name_of(verdict)), {}};
        series.stack = true;
        for (const std::string& section : sections) {
            const auto count = static_cast<double>(std::count_if(
                findings.judgements.begin(), findings.judgements.end(),
                [&](const Judgement& judgement) { return judgement.verdict == verdict && judgement.claim->section == section; }));
            series.points.push_back({section, count, count, count, {}, {}});
        }
        panel.series.push_back(series);
    }
    chart.panels.push_back(panel);
    const auto total = [&](Verdict verdict) {
        return std::count_if(findings.judgements.begin(), findings.judgements.end(),
                             [&](const Judgement& judgement) { return judgement.verdict == verdict; });
    };
    chart.finding =
        fmt::format("Of {} judgements {} confirm the document, {} disprove it, and {} are not judged in this run.",
                    findings.judgements.size(), total(Verdict::confirmed), total(Verdict::disproved), total(Verdict::not_judged));
    return chart;
}

}  // namespace tare::figures
