// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/steady_parts.h"

#include <fmt/format.h>

#include "analysis/compare/judge_exact.h"
#include "core/plain_text.h"

namespace tare::compare {
namespace {

bool varies(const Judged& part, const std::optional<Control>& control) {
    return !extremes_of(part.row.base, part.row.quantity.metric).single() ||
           (control && control->unlike.contains({part.row.cell, part.row.source, part.row.quantity}));
}

// Takes a part's windows off a total's; false where they are not a part of them.
bool take_off(Windows& total, const Windows& part) {
    for (auto& [repetition, window] : total) {
        const auto same = part.find(repetition);
        if (same == part.end() || !same->second.reading.present()) return false;
        const std::uint64_t value = same->second.reading.value();
        if (value > window.reading.value()) return false;
        window.reading = window.reading.value() - value;
    }
    return true;
}

}  // namespace

void judge_steady_parts(Judged& total, const std::vector<const Judged*>& parts, const std::optional<Control>& control) {
    if (!total.exact || total.verdict != Verdict::unresolved) return;
    Row rest = total.row;
    std::string aside;
    for (const Judged* const part : parts) {
        if (part->verdict == Verdict::absent) return;
        if (!varies(*part, control)) continue;
        if (part->verdict == Verdict::better || !take_off(rest.base, part->row.base) || !take_off(rest.head, part->row.head))
            return;
        aside += (aside.empty() ? "" : ", ") + plain(part->row.quantity.detail);
    }
    const Judged steady = judge(std::move(rest), total.terms.threshold);
    if (aside.empty() || steady.verdict != Verdict::worse) return;
    total.verdict = Verdict::worse;
    total.reason.clear();
    total.increase = steady.difference;
    total.notes.push_back(
        fmt::format("without what varies in the base ({}): {:.6g} -> {:.6g}", aside, *steady.base, *steady.head));
}

}  // namespace tare::compare
