// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <vector>

#include "analysis/claims/formats/formats.h"
#include "analysis/report/markdown.h"
#include "core/plain_text.h"

namespace tare::claims {
namespace {

// Data stands as code: there neither @name nor #1 nor a link means anything to GitHub.
std::string shown(std::string_view text) {
    const std::string safe = plain(text);
    return safe.empty() ? "-" : markdown::code(safe);
}

std::string table_of(const std::vector<const Judgement*>& judgements) {
    std::vector<std::vector<std::string>> rows;
    rows.reserve(judgements.size());
    for (const Judgement* const each : judgements) {
        const std::string verdict(name_of(each->verdict));
        rows.push_back({shown(each->claim->id), shown(subject_text(*each)), shown(each->claim->text), shown(each->measured),
                        each->verdict == Verdict::confirmed ? verdict : "**" + verdict + "**", shown(because_text(*each)),
                        shown(counters_text(*each))});
    }
    return markdown::table({"claim", "per request", "claimed", "measured", "verdict", "parts", "counted by"}, rows);
}

}  // namespace

std::string markdown_format(const Check& check) {
    std::vector<const Judgement*> open, confirmed;
    for (const Judgement& judgement : check.judgements)
        (judgement.verdict == Verdict::confirmed ? confirmed : open).push_back(&judgement);
    std::string text = fmt::format("## tare check: {}\n\n", to_string(check.headline));
    if (!open.empty()) text += table_of(open);
    for (const Judgement* const each : open) {
        if (!each->claim->reason.empty())
            text += fmt::format("- {} is claimed because: {}\n", shown(each->claim->id), shown(each->claim->reason));
    }
    if (!confirmed.empty())
        text +=
            fmt::format("\n<details><summary>{} confirmed</summary>\n\n{}\n</details>\n", confirmed.size(), table_of(confirmed));
    return text + fmt::format("\nrun {}, claims of {}\n", shown(check.run), shown(check.claims->name));
}

}  // namespace tare::claims
