// SPDX-License-Identifier: Apache-2.0
// Which of our servers the document can mean: its claims about a server held against each variant that its name may stand for.
#include <fmt/format.h>

#include <set>

#include "analysis/case_study/sections/sections.h"

namespace tare::sections {
namespace {

// The claims with an operation that this variant is judged otherwise in than the first, and what was measured.
std::set<std::string> apart_from(const std::vector<Judgement>& first, const std::vector<Judgement>& judgements) {
    std::set<std::string> apart;
    for (const Judgement& judgement : judgements) {
        for (const Judgement& other : first) {
            if (other.claim->id == judgement.claim->id && other.op == judgement.op && other.verdict != judgement.verdict)
                apart.insert(fmt::format("{} {}: {}", judgement.claim->id, judgement.op,
                                         judgement.measured.empty() ? "absent" : judgement.measured));
        }
    }
    return apart;
}

}  // namespace

Section alternatives(const CaseStudyFindings& findings) {
    Table table{{"Server", "Variant", "Confirmed", "Disproved", "Not judged", "Judged otherwise"}, {}};
    List apart;
    const std::vector<Measurements> windows = windows_of(findings.run.observations);
    for (const auto& [server, variants] : findings.reference.alternatives) {
        std::vector<VariantName> meant{findings.reference.servers.at(server)};
        meant.insert(meant.end(), variants.begin(), variants.end());
        std::vector<Judgement> first;
        std::vector<ClaimsFile> files;  // which the judgements of the first point into
        files.reserve(meant.size());
        for (const VariantName& variant : meant) {
            files.push_back(findings.reference.of_alternative(server, variant));
            const std::vector<Judgement> judgements = judge_claims(files.back(), windows, findings.load);
            if (first.empty()) first = judgements;
            const Headline headline = headline_of(judgements);
            std::vector<Text> otherwise;
            for (const std::string& each : apart_from(first, judgements)) otherwise.emplace_back(code(each));
            table.rows.push_back({server, code(to_string(variant)), document::count(headline.confirmed),
                                  document::count(headline.disproved), document::count(headline.not_judged),
                                  document::count(otherwise.size())});
            if (!otherwise.empty()) apart.items.push_back(text_of(code(to_string(variant)), ": ", joined(otherwise, ", ")));
        }
    }
    Section section{"alternatives", "Which server the document can mean"};
    section.summary = {
        Paragraph{
            "The document's mio server registers edge-triggered, and when it reads again is not said. Its claims, each fact "
            "once, of every variant that it may be; the last column is how many are judged otherwise than of the first."},
        table};
    if (!apart.items.empty())
        section.details = {Paragraph{"What is judged otherwise than of the first variant, with what was measured:"}, apart};
    return section;
}

}  // namespace tare::sections
