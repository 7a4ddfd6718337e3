// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "analysis/claims/formats/formats.h"
#include "core/plain_text.h"

namespace tare::claims {
namespace {

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view plain_again = "\x1b[0m";
constexpr int verdict_width = 10;

std::string coloured(const std::string& text, Verdict verdict, bool colour) {
    if (!colour || verdict == Verdict::not_judged) return text;
    return fmt::format("{}{}{}", verdict == Verdict::disproved ? red : green, text, plain_again);
}

std::string lines_of(const Judgement& judgement, bool colour) {
    const std::string verdict = fmt::format("{:<{}}", name_of(judgement.verdict), verdict_width);
    std::string text =
        fmt::format("{}  {}: {}", coloured(verdict, judgement.verdict, colour), subject_text(judgement), finding_text(judgement));
    if (!judgement.counters.empty()) text += fmt::format(" ({})", plain(counters_text(judgement)));
    text += '\n';
    const std::string indent(verdict_width + 2, ' ');
    if (const std::string because = because_text(judgement); !because.empty()) text += indent + because + "\n";
    if (judgement.verdict == Verdict::confirmed) return text;
    if (!judgement.claim->reason.empty()) text += indent + "claimed because: " + plain(judgement.claim->reason) + "\n";
    return text + indent + plain(judgement.claim->where) + "\n";
}

}  // namespace

std::string text_format(const Check& check, bool colour) {
    std::string text = fmt::format("run {}, claims of {}\n\n", plain(check.run), plain(check.claims->name));
    for (const Judgement& judgement : check.judgements) text += lines_of(judgement, colour);
    for (const ConsistencyJudgement& each : check.consistency) {
        if (each.contradiction) text += fmt::format("contradiction: {}\n", plain(each.statement));
    }
    return text + "\n" + to_string(check.headline) + "\n";
}

}  // namespace tare::claims
