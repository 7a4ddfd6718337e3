// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "analysis/claims/held.h"
#include "analysis/claims/request.h"
#include "analysis/claims/sites.h"
#include "analysis/claims/under_load.h"
#include "analysis/model/idle_activity.h"

namespace tare {
namespace {

Request request_of(const Claim& claim, const VariantName& variant, const std::string& op, const ClaimsFile& file) {
    return {variant, op, claim.key_bytes, claim.value_bytes, file.value_bytes_below};
}

// Whether the claim names parts as BPF does, by function, where the ledger has sites and edges.
bool names_functions(const Claim& claim, const std::string& op) {
    for (const ClaimedParts* const parts : {claim.stated_for(op), claim.inferred_for(op)}) {
        if (parts == nullptr) continue;
        for (const auto& [part, number] : *parts) {
            if (is_allocation_function(part) || is_copy_function(part)) return true;
        }
    }
    return false;
}

void take_parts_of_bpf(Count& count, const Measurements& window, const CellPair& cells, const std::string& metric) {
    for (const std::optional<CellKey>& cell : {cells.counted, cells.timed}) {
        if (!cell || !window.watched(*cell, Source::bpf, metric)) continue;
        count.parts = window.parts(*cell, Source::bpf, metric);
        count.parts_named = true;
        return;
    }
    count.parts_named = false;
}

// The count of one part alone. A part that is missing beside a present total is a true 0.
void keep_only(Count& count, const std::string& detail) {
    if (!count.total.present()) return;
    const auto part = count.parts.find(detail);
    if (!count.parts_named && count.total.value() != 0)
        count.total = PerRequest(Absent{"only the ledger names these parts"});
    else
        count.total = part == count.parts.end() ? PerRequest(0.0) : part->second;
    count.parts.clear();
}

// How many times the other. Infinitely many times nothing is no number that anybody claims; no times nothing is none.
Count quotient(const Count& count, const Count& other) {
    Count result = difference(count, other);
    result.parts.clear();
    if (!result.total.present()) return result;
    const double below = other.total.value();
    if (below != 0)
        result.total = PerRequest(count.total.value() / below);
    else
        result.total =
            count.total.value() == 0 ? PerRequest(Absent{"neither has any, and that has no ratio"}) : PerRequest(unlimited);
    return result;
}

Count count_for(const Measurements& window, const Claim& claim, const ClaimsFile& file, const std::string& op) {
    const auto count_at = [&](const VariantName& variant, const std::string& metric) {
        const Request request = request_of(claim, variant, op, file);
        Count count = count_of(window, request, metric);
        const bool held = std::any_of(window.cells().begin(), window.cells().end(), [&](const CellKey& cell) {
            return is_unpipelined(cell) && cell.variant == variant && cell.op == op;
        });
        if (!held && !claim.suite.empty())
            count.total =
                PerRequest(Absent{fmt::format("{} is not in this run, the suite {} has it", to_string(variant), claim.suite)});
        if (!claim.detail.empty()) keep_only(count, claim.detail);
        if (names_functions(claim, op)) take_parts_of_bpf(count, window, cells_of(window, request).small, metric);
        return count;
    };
    const Count count = count_at(claim.variant, claim.metric);
    if (claim.relation == Relation::none) return count;
    const Count other = count_at(claim.other_variant, claim.other_metric.empty() ? claim.metric : claim.other_metric);
    return claim.relation == Relation::over ? quotient(count, other) : difference(count, other);
}

// One verdict of those of several windows: what one disproves is disproved, and what one cannot tell is not known.
Judgement of_all_windows(const std::vector<std::pair<Judgement, std::uint64_t>>& windows) {
    Judgement all = windows.front().first;
    std::vector<std::string> measured;
    measured.reserve(windows.size());
    for (const auto& [judgement, requests] : windows)
        measured.push_back(judgement.measured.empty() ? "absent" : judgement.measured);
    const bool alike =
        std::all_of(measured.begin(), measured.end(), [&](const std::string& each) { return each == measured.front(); });
    for (const Verdict verdict : {Verdict::disproved, Verdict::not_judged}) {
        const auto found =
            std::find_if(windows.begin(), windows.end(), [&](const auto& each) { return each.first.verdict == verdict; });
        if (found == windows.end()) continue;
        all = found->first;
        if (alike || windows.size() == 1) break;
        std::string& said = verdict == Verdict::disproved ? all.part : all.reason;
        said = fmt::format("in the window of {} requests: {}", found->second, said);
        break;
    }
    // Counters that differ in one window prove nothing in the others.
    for (const auto& [judgement, requests] : windows) {
        if (judgement.reason == counters_disagree) all = judgement;
    }
    if (!alike) all.measured = fmt::format("{}", fmt::join(measured, ", "));
    return all;
}

Judgement judge_in_lockstep(const Claim& claim, const ClaimsFile& file, const std::string& op,
                            const std::vector<Measurements>& windows) {
    const Request request = request_of(claim, claim.variant, op, file);
    std::vector<std::pair<Judgement, std::uint64_t>> judged;
    for (const Measurements& window : windows) {
        if (!has_metric(window, request, claim.metric)) continue;
        const std::uint64_t requests = window.requests_of(cells_of(window, request).small.either());
        judged.emplace_back(hold(claim, op, count_for(window, claim, file, op)), requests);
    }
    if (judged.empty()) {
        const Measurements none({});
        return hold(claim, op, count_for(windows.empty() ? none : windows.front(), claim, file, op));
    }
    Judgement judgement = of_all_windows(judged);
    if (claim.sites.empty()) return judgement;
    std::vector<SiteWindow> sites;
    sites.reserve(windows.size());
    for (const Measurements& window : windows) sites.push_back({window, cells_of(window, request).small});
    hold_sites(judgement, sites);
    return judgement;
}

// Every operation that the run asks of the claim's server, where the claim names none.
std::vector<std::string> operations_of(const Claim& claim, const std::vector<Measurements>& windows,
                                       const LoadMeasurements& load) {
    if (!claim.ops.empty()) return claim.ops;
    std::vector<std::string> ops;
    const auto add = [&](const std::vector<CellKey>& cells) {
        for (const CellKey& cell : cells) {
            const bool known = std::find(ops.begin(), ops.end(), cell.op) != ops.end();
            if (cell.variant == claim.variant && !is_idle_activity(cell) && !known) ops.push_back(cell.op);
        }
    };
    if (claim.connections == 1 && !windows.empty()) add(windows.front().cells());
    if (claim.connections > 1) add(load.cells());
    if (ops.empty()) ops.emplace_back();
    return ops;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::confirmed:
            return "confirmed";
        case Verdict::disproved:
            return "disproved";
        case Verdict::not_judged:
            break;
    }
    return "not judged";
}

std::vector<Measurements> windows_of(const std::vector<Observation>& observations) {
    std::map<std::uint64_t, std::vector<Observation>> rows;
    for (const Observation& seen : observations) {
        if (seen.cell.mode == Mode::load) continue;
        rows[seen.repetition].push_back(seen);
        rows[seen.repetition].back().repetition = 0;
    }
    std::vector<Measurements> windows;
    windows.reserve(rows.size());
    for (const auto& [repetition, of_window] : rows) windows.emplace_back(of_window);
    return windows;
}

std::vector<Judgement> judge_claims(const ClaimsFile& file, const std::vector<Measurements>& windows,
                                    const LoadMeasurements& load) {
    std::vector<Judgement> judgements;
    for (const Claim& claim : file.claims) {
        for (const std::string& op : operations_of(claim, windows, load)) {
            if (claim.connections == 1 || claim.claim_class == ClaimClass::amortised)
                judgements.push_back(judge_in_lockstep(claim, file, op, windows));
            else
                judgements.push_back({&claim, op, Verdict::not_judged, "", "", "", "not asked under load in this run"});
            if (claim.connections > 1) judge_under_load(judgements.back(), file, load);
        }
    }
    return judgements;
}

Headline headline_of(const std::vector<Judgement>& judgements) {
    using Fact = std::tuple<VariantName, VariantName, std::string, std::string, std::string, double, double, std::uint64_t>;
    std::map<Fact, std::set<Verdict>> facts;
    std::set<const Claim*> claims;
    Headline headline;
    for (const Judgement& judgement : judgements) {
        const Claim& claim = *judgement.claim;
        claims.insert(&claim);
        facts[{claim.variant, claim.other_variant, judgement.op, claim.metric + claim.detail,
               claim.other_metric + std::to_string(static_cast<int>(claim.relation)), claim.number.least, claim.number.most,
               claim.connections}]
            .insert(judgement.verdict);
        if (judgement.verdict == Verdict::not_judged && claim.must) ++headline.needed;
    }
    headline.claims = claims.size();
    headline.facts = facts.size();
    for (const auto& [fact, verdicts] : facts) {
        if (verdicts.contains(Verdict::disproved))
            ++headline.disproved;
        else
            ++(verdicts.contains(Verdict::confirmed) ? headline.confirmed : headline.not_judged);
    }
    return headline;
}

std::string to_string(const Headline& headline) {
    std::string text = fmt::format("{} fact{}", headline.facts, headline.facts == 1 ? "" : "s");
    const char* separator = ": ";
    for (const auto& [count, name] : {std::pair{headline.disproved, "disproved"}, std::pair{headline.confirmed, "confirmed"},
                                      std::pair{headline.not_judged, "not judged"}}) {
        if (count == 0) continue;
        text += fmt::format("{}{} {}", separator, count, name);
        separator = ", ";
    }
    return text;
}

std::vector<ConsistencyJudgement> judge_consistency(const ClaimsFile& file) {
    std::vector<ConsistencyJudgement> judgements;
    for (const ConsistencyClaim& claim : file.consistency) {
        const Claim& first = file.named(claim.first);
        const Claim& second = file.named(claim.second);
        const bool apart = first.number.most < second.number.least || second.number.most < first.number.least;
        const char* const relation = apart                           ? "contradict each other"
                                     : first.number == second.number ? "agree"
                                                                     : "overlap, one is wider";
        judgements.push_back({&claim, apart,
                              fmt::format("line {} ({}): {}; line {} ({}): {}; they {}", first.line, first.section, first.text,
                                          second.line, second.section, second.text, relation)});
    }
    return judgements;
}

}  // namespace tare
