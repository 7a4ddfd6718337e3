// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/gate.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <set>

#include "core/config_table.h"
#include "core/enum_names.h"
#include "core/error.h"
#include "core/metric.h"
#include "core/nearest_name.h"
#include "run/csv.h"

namespace tare::compare {
namespace {

constexpr std::string_view built_in =
#include "gate.inc"
    ;

constexpr std::array<std::string_view, 6> top_keys{"counts", "times", "unjudged", "allowed", "ungated", "required_sources"};
constexpr std::array<std::string_view, 6> pattern_keys{"cell", "source", "metric", "detail", "reason", "at_most"};
constexpr std::array<std::string_view, 3> actions{"pass", "refuse", "fail"};  // as Action has them

// A pattern of a gate's own file must name a metric that exists: a misspelt one would allow nothing, in silence.
void check_metric(const ConfigTable& table, std::string_view key, const std::string& metric) {
    if (metric.find_first_of("*?[") == std::string::npos && metric_named(metric) == nullptr)
        throw table.wrong(key, fmt::format("'{}' is no metric (tare list metrics){}", metric, did_you_mean(metric, metrics)));
}

Pattern pattern_from(const ConfigTable& table, const std::string& where) {
    Pattern pattern;
    using Place = std::pair<std::string_view, std::optional<std::string>*>;
    for (const auto& [key, place] : {Place{"cell", &pattern.cell}, Place{"source", &pattern.source},
                                     Place{"metric", &pattern.metric}, Place{"detail", &pattern.detail}}) {
        if (table.has(key)) *place = table.text(key);
    }
    if (!pattern.cell && !pattern.source && !pattern.metric && !pattern.detail)
        throw table.wrong("needs one of cell, source, metric, detail");
    if (pattern.metric) check_metric(table, "metric", *pattern.metric);
    pattern.reason = table.text("reason");
    if (pattern.reason.find_first_not_of(" \t\n") == std::string::npos) throw table.wrong("reason", "the reason is empty");
    pattern.where = where;
    return pattern;
}

double percentage(const ConfigTable& table, std::string_view key) {
    const double percent = table.number(key);
    if (!(percent >= 0 && percent <= 1000)) throw table.wrong(key, fmt::format("{} is {}; allowed: 0 to 1000", key, percent));
    return percent / 100;
}

void read_times(Gate& gate, const ConfigTable& times) {
    times.allow(std::array<std::string_view, 4>{"gated", "percent", "percent_of", "error"});
    gate.gated_times = times.texts("gated");
    for (const std::string& name : gate.gated_times) check_metric(times, "gated", name.substr(0, name.find(' ')));
    gate.threshold = percentage(times, "percent");
    if (times.has("error")) gate.error = times.number("error");
    if (!(gate.error > 0 && gate.error <= 0.5)) throw times.wrong("error", "error must be above 0 and at most 0.5");
    const auto others = times.table("percent_of");
    if (!others) return;
    for (const std::string& metric : others->keys()) {
        check_metric(*others, metric, metric);
        gate.thresholds[metric] = percentage(*others, metric);
    }
}

void read_unjudged(Unjudged& unjudged, const ConfigTable& table) {
    using Place = std::pair<std::string_view, Action*>;
    const std::array places{Place{"absent", &unjudged.absent}, Place{"only_in_base", &unjudged.only_in_base},
                            Place{"unresolved", &unjudged.unresolved}};
    table.allow(std::array{places[0].first, places[1].first, places[2].first});
    for (const auto& [key, place] : places) {
        if (!table.has(key)) continue;
        const auto action = std::find(actions.begin(), actions.end(), table.text(key, actions));
        *place = static_cast<Action>(action - actions.begin());
    }
}

void read_patterns(Gate& gate, const ConfigTable& table, const std::string& where) {
    const auto place = [&](const char* key, std::size_t index) { return fmt::format("{}: {}[{}]", where, key, index + 1); };
    if (table.has("allowed")) {
        for (const ConfigTable& each : table.tables("allowed")) {
            each.allow(pattern_keys);
            Allowance allowance{pattern_from(each, place("allowed", gate.allowed.size())), std::nullopt};
            if (each.has("at_most")) allowance.at_most = each.number("at_most");
            if (allowance.at_most && !(*allowance.at_most > 0)) throw each.wrong("at_most", "at_most must be above 0");
            gate.allowed.push_back(allowance);
        }
    }
    if (!table.has("ungated")) return;
    for (const ConfigTable& each : table.tables("ungated")) {
        each.allow(std::span(pattern_keys).first(5));
        gate.ungated.push_back(pattern_from(each, place("ungated", gate.ungated.size())));
    }
}

constexpr double rounding = 1e-9;  // of a difference of two quotients, per request

bool fits(const std::optional<std::string>& pattern, const std::string& text) {
    return !pattern || ::fnmatch(pattern->c_str(), text.c_str(), FNM_NOESCAPE) == 0;
}

}  // namespace

bool Pattern::matches(const Row& row) const {
    return fits(source, std::string(name_of(row.source))) && fits(metric, row.quantity.metric) &&
           fits(detail, row.quantity.detail) && fits(cell, name_of(row.cell));
}

bool Gate::judges(const Row& row, bool has_total) const {
    if (direction_of(row) == Direction::neither) return false;
    if (std::any_of(ungated.begin(), ungated.end(), [&](const Pattern& each) { return each.matches(row); })) return false;
    const Quantity& quantity = row.quantity;
    if (is_exact(row)) return parts || quantity.detail.empty() || !has_total;
    const std::string name = quantity.detail.empty() ? quantity.metric : quantity.metric + " " + quantity.detail;
    return std::find(gated_times.begin(), gated_times.end(), name) != gated_times.end();
}

double Gate::threshold_of(const std::string& metric) const {
    const auto own = thresholds.find(metric);
    return own == thresholds.end() ? threshold : own->second;
}

Family family_of(const Row& row) { return {row.cell, row.source, row.quantity.metric}; }

Decision::Decision(const Gate& gate, const std::vector<ComparedRow>& rows) : gate_(gate), uses_(gate.allowed.size()) {
    for (const ComparedRow& row : rows) families_[family_of(row)].push_back(&row);
}

void Decision::decide(ComparedRow& row) {
    const Action action = action_on(row);
    row.outcome = action == Action::fail ? Outcome::failed : action == Action::refuse ? Outcome::unmeasured : Outcome::passed;
    if (row.verdict == Verdict::worse) row.outcome = Outcome::crossed;
    if (row.verdict == Verdict::worse) allow(row, row.increase.value_or(*row.difference));
    // Of an increase without a bound only an allowance without one is enough.
    if (row.verdict == Verdict::unresolved) allow(row, row.increase.value_or(std::numeric_limits<double>::max()));
}

std::vector<std::string> Decision::unused_allowances() const {
    std::vector<std::string> lines;
    for (std::size_t index = 0; index < uses_.size(); ++index) {
        if (uses_[index] == 0)
            lines.push_back(fmt::format("{} allows nothing: no increase matches it", gate_.allowed[index].where));
    }
    return lines;
}

Action Decision::action_on(const ComparedRow& row) const {
    const Unjudged& unjudged = gate_.unjudged;
    if (row.verdict == Verdict::unresolved) return unjudged.unresolved;
    if (row.verdict == Verdict::only_in_base) return unjudged.only_in_base;
    if (row.verdict != Verdict::absent) return Action::pass;
    if (row.absent_on_one_side) return unjudged.absent;
    const auto& sources = gate_.required_sources;
    const bool required = std::find(sources.begin(), sources.end(), row.source) != sources.end();
    return required ? std::max(unjudged.absent, Action::refuse) : Action::pass;
}

// Allows an increase that allowances explain.
void Decision::allow(ComparedRow& row, double increase) {
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
double Decision::explained_by(const Allowance& allowance, const ComparedRow& row, double increase) const {
    if (!allowance.detail || !row.quantity.detail.empty()) return allowance.matches(row) ? increase : 0;
    double explained = 0;
    for (const ComparedRow* const part : families_.at(family_of(row))) {
        const bool grown = part->difference && *part->difference > 0 && !part->quantity.detail.empty();
        if (grown && allowance.matches(*part)) explained += *part->difference;
    }
    return explained;
}

Gate parse_gate(std::string_view text, const std::string& where) {
    const toml::table parsed = parse_toml(text, where);
    const ConfigTable table(parsed, where);
    table.allow(top_keys);
    Gate gate;
    if (const auto counts = table.table("counts")) {
        counts->allow(std::array<std::string_view, 1>{"parts"});
        if (counts->has("parts")) gate.parts = counts->flag("parts");
    }
    if (const auto times = table.table("times")) read_times(gate, *times);
    if (const auto unjudged = table.table("unjudged")) read_unjudged(gate.unjudged, *unjudged);
    if (table.has("required_sources")) {
        for (const std::string& name : table.texts("required_sources", source_names))
            gate.required_sources.push_back(*enum_named<Source>(source_names, name));
    }
    read_patterns(gate, table, where);
    return gate;
}

Gate load_gate(const std::string& path) {
    if (path.empty()) return parse_gate(built_in, "the built-in gate");
    if (!std::filesystem::is_regular_file(path)) throw usage_error(path + ": no such gate file");
    return parse_gate(read_file(path), path);
}

std::string_view built_in_gate() { return built_in; }

}  // namespace tare::compare
