// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/section.h"

#include <fmt/format.h>

#include "analysis/report/cells.h"
#include "analysis/report/sections/sections.h"

namespace tare {
namespace {

using document::Cell;
using document::Paragraph;
using document::Table;
using document::Text;
using document::text_of;

Text place_of(const Claim& claim) {
    if (claim.section.empty()) return document::code(claim.id);
    return fmt::format("{}, line {}", claim.section, claim.line);
}

Table table_of(const std::vector<Judgement>& judgements) {
    Table table{{"Where it is claimed", "Server", "Operation", "Metric", "Claimed", "Measured", "Verdict", "Parts",
                 "Independent counters"},
                {}};
    for (const Judgement& judgement : judgements) {
        const Claim& claim = *judgement.claim;
        const std::string why = judgement.reason.empty() ? judgement.part
                                : judgement.part.empty() ? judgement.reason
                                                         : judgement.part + "; " + judgement.reason;
        table.rows.push_back({place_of(claim), claim.measured_server(), document::code(judgement.op),
                              document::code(claim.measured_metric()), claim.text,
                              judgement.measured.empty() ? document::absent(judgement.reason) : Cell(judgement.measured),
                              verdict_cell(judgement.verdict), why, judgement.counters});
    }
    return table;
}

}  // namespace

Cell verdict_cell(Verdict verdict) {
    const document::Tone tone = verdict == Verdict::confirmed   ? document::Tone::good
                                : verdict == Verdict::disproved ? document::Tone::bad
                                                                : document::Tone::open;
    return document::verdict(tone, std::string(name_of(verdict)));
}

document::Blocks claims_blocks(const ClaimsFile& file, const std::vector<Judgement>& judgements) {
    document::Blocks blocks{
        Paragraph{text_of("The parts that decide are named. ", document::code("A less B"), " is what A costs more than B.")},
        table_of(judgements)};
    document::List bases;
    for (const Claim& claim : file.claims) {
        if (!claim.basis.empty())
            bases.items.push_back(text_of(place_of(claim), ", ", claim.measured_server(), ", ",
                                          document::code(claim.measured_metric()), ": ", claim.basis));
    }
    if (!bases.items.empty())
        blocks.insert(blocks.end(),
                      {Paragraph{"Judged on a basis of their own, which is what the claim counts and others do not:"}, bases});
    return blocks;
}

document::Section claims_section(const Check& check) {
    document::Section section{"claims-checked", "Claims checked"};
    section.summary = {Paragraph{text_of("The claims of ", document::code(claims_name),
                                         fmt::format(" speak of {}. By total and by part, in every window: a right total made "
                                                     "of wrong parts is disproved.",
                                                     to_string(check.headline)))}};
    const document::Blocks all = claims_blocks(*check.claims, check.judgements);
    if (check.judgements.size() <= sections::summary_rows_max) {
        section.summary.insert(section.summary.end(), all.begin(), all.end());
        return section;
    }
    section.summary.emplace_back(table_of({check.judgements.begin(), check.judgements.begin() + sections::summary_rows_max}));
    section.details = all;
    return section;
}

}  // namespace tare
