// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands at the line of the claims file: ::error for what is disproved or must be judged and is not,
// ::warning for what else is not judged.
#include <fmt/format.h>

#include <vector>

#include "analysis/claims/formats/formats.h"
#include "analysis/report/annotations.h"

namespace tare::claims {

std::string annotations_format(const Check& check) {
    std::vector<std::string> errors, warnings;
    for (const Judgement& judgement : check.judgements) {
        if (judgement.verdict == Verdict::confirmed) continue;
        const bool disproved = judgement.verdict == Verdict::disproved;
        const std::string because = because_text(judgement);
        const std::string message =
            fmt::format("{}: {}{}", subject_text(judgement), finding_text(judgement), because.empty() ? "" : ": " + because);
        const annotations::Place place{check.claims->name, judgement.claim->file_line};
        const std::string title = fmt::format("tare: {} is {}", judgement.claim->id, name_of(judgement.verdict));
        if (disproved || judgement.claim->must)
            errors.push_back(annotations::line("error", title, message, place));
        else
            warnings.push_back(annotations::line("warning", title, message, place));
    }
    return annotations::limited(errors, "error") + annotations::limited(warnings, "warning") +
           annotations::line("notice", "tare", to_string(check.headline));
}

}  // namespace tare::claims
