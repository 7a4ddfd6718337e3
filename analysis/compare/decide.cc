// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "analysis/compare/steady_parts.h"
#include "analysis/model/idle_activity.h"

namespace tare::compare {
namespace {

// One metric by one source in one cell: a total and its parts.
using Family = std::tuple<CellKey, std::string, std::string>;
Family family_of(const Row& row) { return {row.cell, row.source, row.quantity.metric}; }

constexpr double rounding = 1e-9;  // of a difference of two quotients, per request

class Decision {
public:
    Decision(const Gate& gate, const std::vector<ComparedRow>& rows) : gate_(gate), uses_(gate.allowed.size()) {
        for (const ComparedRow& row : rows) families_[family_of(row.row)].push_back(&row);
    }

    void decide(ComparedRow& row) {
        const Action action = action_on(row);
        row.outcome = action == Action::fail ? Outcome::failed : action == Action::refuse ? Outcome::unmeasured : Outcome::passed;
        if (row.verdict == Verdict::worse) row.outcome = Outcome::crossed;
        if (row.verdict == Verdict::worse) allow(row, row.increase.value_or(*row.difference));
        // Of an increase without a bound only an allowance without one is enough.
        if (row.verdict == Verdict::unresolved) allow(row, row.increase.value_or(std::numeric_limits<double>::max()));
    }

    std::vector<std::string> unused_allowances() const {
        std::vector<std::string> lines;
        for (std::size_t index = 0; index < uses_.size(); ++index) {
            if (uses_[index] == 0)
                lines.push_back(fmt::format("{} allows nothing: no increase matches it", gate_.allowed[index].where));
        }
        return lines;
    }

private:
    Action action_on(const ComparedRow& row) const {
        const Unjudged& unjudged = gate_.unjudged;
        if (row.verdict == Verdict::unresolved) return unjudged.unresolved;
        if (row.verdict == Verdict::only_in_base) return unjudged.only_in_base;
        if (row.verdict != Verdict::absent) return Action::pass;
        if (row.absent_on_one_side) return unjudged.absent;
        const auto& sources = gate_.required_sources;
        const bool required = std::find(sources.begin(), sources.end(), row.row.source) != sources.end();
        return required ? std::max(unjudged.absent, Action::refuse) : Action::pass;
    }

    // Allows an increase that allowances explain.
    void allow(ComparedRow& row, double increase) {
        double unexplained = increase;
        std::set<std::string> reasons;
        for (std::size_t index = 0; index < gate_.allowed.size(); ++index) {
            const Allowance& allowance = gate_.allowed[index];
            const double explained = explained_by(allowance, row, increase);
            if (explained <= 0) continue;
            ++uses_[index];
            unexplained -= std::min(explained, allowance.at_most.value_or(explained));
            reasons.insert(allowance.reason);
        }
        if (reasons.empty() || unexplained > rounding) return;
        row.outcome = Outcome::allowed;
        for (const std::string& reason : reasons) row.allowance += (row.allowance.empty() ? "" : "; ") + reason;
    }

    // How much of the row's increase an allowance speaks of: all, or for one with `detail` what these parts grew by.
    double explained_by(const Allowance& allowance, const ComparedRow& row, double increase) const {
        if (!allowance.detail || !row.row.quantity.detail.empty()) return allowance.matches(row.row) ? increase : 0;
        double explained = 0;
        for (const ComparedRow* const part : families_.at(family_of(row.row))) {
            const bool grown = part->difference && *part->difference > 0 && !part->row.quantity.detail.empty();
            if (grown && allowance.matches(part->row)) explained += *part->difference;
        }
        return explained;
    }

    const Gate& gate_;
    std::vector<std::size_t> uses_;
    std::map<Family, std::vector<const ComparedRow*>> families_;
};

// Resolves measured rows together: while any clears its threshold at the error divided by the number of those that are left,
// it is done with, and the others may have the more (Holm). Rows too few repetitions for any level have no part in it.
void resolve_together(const std::vector<ComparedRow*>& rows, double error) {
    std::vector<ComparedRow*> left;
    for (ComparedRow* const row : rows) {
        if (row->effects->shift.at(error))
            left.push_back(row);
        else
            resolve(*row, error);
    }
    while (!left.empty()) {
        const double each = error / static_cast<double>(left.size());
        const auto cleared =
            std::stable_partition(left.begin(), left.end(), [&](const ComparedRow* row) { return !clears(*row, each); });
        const bool last = cleared == left.end();
        std::for_each(last ? left.begin() : cleared, left.end(), [&](ComparedRow* row) { resolve(*row, each); });
        left.erase(last ? left.begin() : cleared, left.end());
    }
}

void judge_totals_by_parts(Comparison& comparison) {
    std::map<Family, std::vector<const Judged*>> parts;
    for (const ComparedRow& row : comparison.rows) {
        if (row.exact && !row.row.quantity.detail.empty()) parts[family_of(row.row)].push_back(&row);
    }
    for (ComparedRow& row : comparison.rows) {
        const auto own = parts.find(family_of(row.row));
        if (row.row.quantity.detail.empty() && own != parts.end()) judge_steady_parts(row, own->second, comparison.control);
    }
}

// Where an external server has idle activity in a metric, so much of a request's cost may pass for it (docs/methodology.md).
constexpr std::uint64_t certain_beside_background = 10;

void bound_limits_by_background(Comparison& comparison) {
    using Server = std::tuple<VariantName, std::string, std::string>;
    const auto server_of = [](const Row& row) { return Server(row.cell.variant, row.source, row.quantity.metric); };
    std::set<Server> busy;
    for (const ComparedRow& row : comparison.rows) {
        const bool seen = row.base.value_or(0) > 0 || row.head.value_or(0) > 0;
        if (is_idle_activity(row.row.cell) && seen) busy.insert(server_of(row.row));
    }
    for (ComparedRow& row : comparison.rows) {
        if (row.certain_one_in && busy.contains(server_of(row.row)))
            row.certain_one_in = std::min(*row.certain_one_in, certain_beside_background);
    }
}

}  // namespace

void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate) {
    std::set<Family> totals;
    for (const Row& row : rows) {
        if (row.quantity.detail.empty()) totals.insert(family_of(row));
    }
    std::vector<bool> gated;
    gated.reserve(rows.size());
    comparison.rows.reserve(rows.size());
    comparison.error = gate.error;
    std::vector<ComparedRow*> gated_times, other_times;
    for (Row& row : rows) {
        gated.push_back(gate.judges(row, totals.contains(family_of(row))));
        const double threshold = gate.threshold_of(row.quantity.metric);
        comparison.rows.push_back({judge(std::move(row), threshold), Outcome::not_gated, ""});
        ComparedRow& judged = comparison.rows.back();
        if (judged.effects) (gated.back() ? gated_times : other_times).push_back(&judged);
    }
    comparison.gated_times = gated_times.size();
    comparison.other_times = other_times.size();
    resolve_together(gated_times, gate.error);
    resolve_together(other_times, gate.error);
    if (comparison.control) {
        for (ComparedRow& row : comparison.rows) doubt(row, *comparison.control);
    }
    judge_totals_by_parts(comparison);
    bound_limits_by_background(comparison);
    Decision decision(gate, comparison.rows);
    for (std::size_t index = 0; index < gated.size(); ++index) {
        if (gated[index]) decision.decide(comparison.rows[index]);
    }
    for (std::string& line : decision.unused_allowances()) comparison.warnings.push_back(std::move(line));
}

}  // namespace tare::compare
