// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "analysis/case_study/figures/figures.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/claims/section.h"

namespace tare::sections {
namespace {

constexpr std::array<Verdict, 3> verdicts_shown{Verdict::confirmed, Verdict::disproved, Verdict::not_judged};

// How many of each section of the document are confirmed, disproved or open.
Table tallies(const std::vector<Judgement>& judgements) {
    Table table{{"Section of the reference document"}, {}};
    for (const Verdict verdict : verdicts_shown) table.header.emplace_back(name_of(verdict));
    std::vector<std::string> sections;
    for (const Judgement& judgement : judgements) {
        const std::string& section = judgement.claim->section;
        if (std::find(sections.begin(), sections.end(), section) == sections.end()) sections.push_back(section);
    }
    for (const std::string& section : sections) {
        Row row{section};
        for (const Verdict verdict : verdicts_shown)
            row.push_back(document::count(
                static_cast<std::uint64_t>(std::count_if(judgements.begin(), judgements.end(), [&](const Judgement& judgement) {
                    return judgement.claim->section == section && judgement.verdict == verdict;
                }))));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

Section claims_checked(const CaseStudyFindings& findings) {
    return {"claims-checked",
            "Claims checked",
            {Paragraph{"By total and by part, in every window: a right total made of wrong parts is disproved."},
             tallies(findings.judgements), document::Figure{figures::claims(findings)}},
            claims_blocks(findings.reference, findings.judgements)};
}

}  // namespace tare::sections
