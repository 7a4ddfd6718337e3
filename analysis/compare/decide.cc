// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

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
        const bool refused =
            (row.verdict == Verdict::absent && refuses_absence(row)) ||
            (row.verdict == Verdict::only_in_base && gate_.unjudged.refuse_only_in_base) ||
            (row.verdict == Verdict::unstable && gate_.unjudged.refuse_unstable) ||
            (row.verdict == Verdict::no_detectable_change && gate_.unjudged.refuse_undetectable && undetectable(row));
        row.outcome = refused ? Outcome::unmeasured : Outcome::passed;
        if (row.verdict == Verdict::worse) decide_worse(row);
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
    bool refuses_absence(const ComparedRow& row) const {
        if (row.absent_on_one_side) return gate_.unjudged.refuse_absent;
        const auto& sources = gate_.required_sources;
        return std::find(sources.begin(), sources.end(), row.row.source) != sources.end();
    }

    static bool undetectable(const ComparedRow& row) { return *row.smallest_detectable > row.terms.threshold; }

    void decide_worse(ComparedRow& row) {
        double unexplained = *row.difference;
        std::set<std::string> reasons;
        for (std::size_t index = 0; index < gate_.allowed.size(); ++index) {
            const Allowance& allowance = gate_.allowed[index];
            const double explained = explained_by(allowance, row);
            if (explained <= 0) continue;
            ++uses_[index];
            unexplained -= std::min(explained, allowance.at_most.value_or(explained));
            reasons.insert(allowance.reason);
        }
        row.outcome = !reasons.empty() && unexplained <= rounding ? Outcome::allowed : Outcome::crossed;
        if (row.outcome != Outcome::allowed) return;
        for (const std::string& reason : reasons) row.allowance += (row.allowance.empty() ? "" : "; ") + reason;
    }

    // How much of the row's increase an allowance speaks of: all, or for one with `detail` what these parts grew by.
    double explained_by(const Allowance& allowance, const ComparedRow& row) const {
        if (!allowance.detail || !row.row.quantity.detail.empty()) return allowance.matches(row.row) ? *row.difference : 0;
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

}  // namespace

void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate) {
    std::set<Family> totals;
    for (const Row& row : rows) {
        if (row.quantity.detail.empty()) totals.insert(family_of(row));
    }
    std::vector<bool> judged;
    judged.reserve(rows.size());
    for (const Row& row : rows) {
        judged.push_back(gate.judges(row, totals.contains(family_of(row))));
        comparison.gated_times += judged.back() && !is_exact(row) ? 1 : 0;
    }
    comparison.error = gate.error;
    for (std::size_t index = 0; index < rows.size(); ++index) {
        Terms terms{gate.threshold_of(rows[index].quantity.metric), gate.error};
        if (judged[index] && comparison.gated_times > 0) terms.error /= static_cast<double>(comparison.gated_times);
        comparison.rows.push_back({judge(std::move(rows[index]), terms), Outcome::not_gated, ""});
        if (comparison.control) doubt(comparison.rows.back(), *comparison.control);
    }
    Decision decision(gate, comparison.rows);
    for (std::size_t index = 0; index < judged.size(); ++index) {
        if (judged[index]) decision.decide(comparison.rows[index]);
    }
    for (std::string& line : decision.unused_allowances()) comparison.warnings.push_back(std::move(line));
}

}  // namespace tare::compare
