// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/wording.h"

#include <fmt/format.h>

#include <cmath>

#include "core/plain_text.h"

namespace tare::compare {
namespace {

constexpr std::size_t revision_digits = 12;

std::string percent(double part) { return fmt::format("{:+.{}f} %", part * 100, std::abs(part) < 0.1 ? 2 : 1); }

}  // namespace

std::string number_text(double number) {
    if (number == std::floor(number) && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
    return std::abs(number) < 0.1 ? fmt::format("{:.2g}", number) : fmt::format("{:.3f}", number);
}

std::string figure_text(const std::optional<double>& figure) { return figure ? number_text(*figure) : "-"; }

std::string change_text(const Judged& judged) {
    if (!judged.difference) return "-";
    if (!judged.interval && *judged.difference == 0) return "0";
    if (judged.exact) {
        const std::string absolute = (*judged.difference > 0 ? "+" : "") + number_text(*judged.difference);
        return judged.relative ? fmt::format("{} ({})", absolute, percent(*judged.relative)) : absolute;
    }
    if (!judged.interval) return judged.relative ? percent(*judged.relative) : number_text(*judged.difference);
    if (!judged.relative)
        return fmt::format("{:+.4g} [{:+.4g}, {:+.4g}]", *judged.difference, judged.interval->low, judged.interval->high);
    return fmt::format("{} [{}, {}]", percent(*judged.relative), percent(judged.interval->low), percent(judged.interval->high));
}

std::string verdict_text(const Judged& judged) {
    std::string name(name_of(judged.verdict));
    return judged.verdict == Verdict::unresolved ? name + ": " + plain(judged.reason) : name;
}

std::string detectable_text(const Judged& judged) {
    if (!judged.minimum_detectable) return "";
    return judged.relative ? fmt::format("{:.2g} %", *judged.minimum_detectable * 100)
                           : fmt::format("{:.2g}", *judged.minimum_detectable);
}

std::string finding_text(const Judged& judged) {
    return fmt::format("{} -> {}, {}: {}", figure_text(judged.base), figure_text(judged.head), change_text(judged),
                       verdict_text(judged));
}

std::string parts_text(const Comparison& comparison, const ComparedRow& total) {
    std::string text;
    for (const ComparedRow* const part : comparison.moved_parts(total))
        text += fmt::format("{}{} {} -> {}", text.empty() ? "" : ", ", plain(part->row.quantity.detail), figure_text(part->base),
                            figure_text(part->head));
    return text;
}

std::string quantity_text(const Quantity& quantity) {
    return plain(quantity.detail.empty() ? quantity.metric : quantity.metric + " " + quantity.detail);
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string gate_text(const Comparison& comparison) {
    const std::size_t crossed = comparison.count(Outcome::crossed);
    const std::size_t unmeasured = comparison.count(Outcome::unmeasured);
    const std::size_t allowed = comparison.count(Outcome::allowed);
    const std::size_t failed = comparison.count(Outcome::failed);
    const std::size_t unresolved = comparison.passed_unresolved();
    std::string text = crossed > 0 ? "gate crossed by " + counted(crossed, "quantity", "quantities") : "gate passed";
    if (failed > 0)
        text = (crossed > 0 ? text + ", failed by " : "gate failed by ") + counted(failed, "quantity", "quantities") +
               " that could not be judged";
    if (unmeasured > 0) {
        if (crossed + failed == 0) text = "gate not decided";
        text += ", " + counted(unmeasured, "quantity", "quantities") + " could not be judged";
    }
    if (unresolved > 0) text += ", " + counted(unresolved, "quantity", "quantities") + " unresolved";
    if (allowed > 0) text += ", " + counted(allowed, "increase", "increases") + " allowed";
    return text;
}

std::string verdicts_text(const Comparison& comparison) {
    std::string text;
    for (const Verdict verdict : {Verdict::worse, Verdict::better, Verdict::changed, Verdict::same, Verdict::not_worse,
                                  Verdict::unresolved, Verdict::absent, Verdict::only_in_base, Verdict::only_in_head}) {
        const std::size_t count = comparison.count(verdict);
        if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(verdict));
    }
    return text;
}

std::string party_text(const RunInfo& party) {
    std::string revision = plain(party.revision);
    const bool modified = revision.ends_with('+');
    if (revision.size() > revision_digits) revision = revision.substr(0, revision_digits) + (modified ? "+" : "");
    return fmt::format("{} (revision {})", plain(party.run), revision);
}

}  // namespace tare::compare
