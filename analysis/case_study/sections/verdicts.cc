// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "analysis/case_study/sections/sections.h"
#include "analysis/claims/section.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"

namespace tare::sections {
namespace {

Cell verdict_of(const Judgement& judgement) {
    Cell cell = verdict_cell(judgement.verdict);
    if (judgement.verdict == Verdict::not_judged) cell.content += note(judgement.reason);
    return cell;
}

// Of a claim; of several operations that differ, each with its own.
Cell measured_of(const CaseStudyFindings& findings, const std::string& claim) {
    std::vector<std::pair<std::string, Cell>> by_operation;
    bool same = true;
    for (const Judgement& judgement : findings.judgements) {
        if (judgement.claim->id != claim) continue;
        const Cell measured = judgement.measured.empty() ? document::absent(judgement.reason) : Cell(judgement.measured);
        same = same && (by_operation.empty() || by_operation.front().second.content.plain() == measured.content.plain());
        by_operation.emplace_back(judgement.op, measured);
    }
    if (by_operation.empty()) return none();
    if (same) return by_operation.front().second;
    std::vector<Text> texts;
    texts.reserve(by_operation.size());
    for (const auto& [op, measured] : by_operation) texts.push_back(text_of(code(op), " ", measured.content));
    return joined(texts, ", ");
}

}  // namespace

Cell claim_verdict(const CaseStudyFindings& findings, const std::string& claim) {
    std::map<Verdict, std::vector<const Judgement*>> by_verdict;
    for (const Judgement& judgement : findings.judgements) {
        if (judgement.claim->id == claim) by_verdict[judgement.verdict].push_back(&judgement);
    }
    if (by_verdict.empty()) return none();
    std::vector<Text> texts;
    for (const auto& [verdict, judgements] : by_verdict) {
        Text text = verdict_of(*judgements.front()).content;
        std::vector<Text> operations;
        for (const Judgement* const judgement : judgements) operations.emplace_back(code(judgement->op));
        if (by_verdict.size() > 1) text += text_of(": ", joined(operations, ", "));
        texts.push_back(std::move(text));
    }
    Cell cell =
        by_verdict.contains(Verdict::disproved) ? verdict_cell(Verdict::disproved) : verdict_cell(by_verdict.rbegin()->first);
    cell.content = joined(texts, "; ");
    return cell;
}

Table statements_of(const CaseStudyFindings& findings, std::string_view chapter) {
    Table table{{"Line", "Server", "Per request", "Claimed", "Measured", "Verdict"}, {}};
    for (const Claim& claim : findings.reference.claims) {
        if (claim.section != chapter) continue;
        table.rows.push_back({document::count(claim.line), claim.measured_server(), code(claim.measured_metric()), claim.text,
                              measured_of(findings, claim.id), claim_verdict(findings, claim.id)});
    }
    return table;
}

Paragraph verdicts(const CaseStudyFindings& findings) {
    const Headline headline = headline_of(findings.judgements);
    std::size_t contradictions = 0;
    for (const ConsistencyJudgement& judgement : findings.consistency) contradictions += judgement.contradiction ? 1 : 0;
    return {fmt::format(
        "The reference document's tables make {} claims, which are {} when each operation that one speaks of is taken by "
        "itself, and speak of {} facts. Held against measurement by total and by part in every window, {} of these facts are "
        "confirmed, {} disproved, and {} not judged in this run. The document contradicts itself in {} of {} places looked at.",
        headline.claims, findings.judgements.size(), headline.facts, headline.confirmed, headline.disproved, headline.not_judged,
        contradictions, findings.consistency.size())};
}

Blocks way_to_ideal(const CaseStudyFindings& findings) {
    std::vector<Text> ways;
    for (const Ideal& ideal : ideals()) {
        std::vector<Text> parts;
        for (const auto& [metric, name] : {std::pair{"syscalls", "system calls"},
                                           {"queue_ops", "queue operations"},
                                           {"allocations", "allocations"},
                                           {"data_copies", "copies of data"}}) {
            const Count described = count_of(findings.measured, ideal.described, "get_hit", metric);
            const Count best = count_of(findings.measured, ideal.ideal, "get_hit", metric);
            if (!described.total.present() || !best.total.present()) continue;
            parts.push_back(text_of(name, " from ", shown(described), " to ", shown(best)));
        }
        if (!parts.empty()) ways.push_back(text_of(ideal.name, ": ", joined(parts, ", "), "."));
    }
    if (ways.empty()) return {};
    return {Paragraph{text_of("From as described to the ideal, a GET hit of a small value, one at a time. ", joined(ways, " "))}};
}

}  // namespace tare::sections
