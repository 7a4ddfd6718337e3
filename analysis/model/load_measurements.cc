// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/load_measurements.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/extremes.h"

namespace tare {
namespace {

constexpr double ns_per_s = 1e9;

}  // namespace

CellKey with_variant(CellKey cell, const VariantName& variant, Build build) {
    cell.variant = variant;
    cell.build = build;
    return cell;
}

LoadMeasurements::LoadMeasurements(const std::vector<Observation>& observations, const std::vector<HistogramRow>& histograms) {
    for (const Observation& seen : observations) {
        if (seen.cell.mode != Mode::load || seen.cell.kind == Kind::command) continue;
        if (!windows_.contains(seen.cell)) cells_.push_back(seen.cell);
        Window& window = windows_[seen.cell][seen.source][seen.repetition];
        window.seen.set(seen.quantity, seen.reading);
        window.requests.insert_or_assign(seen.quantity.metric, seen.divisor.count);
    }
    std::map<std::pair<CellKey, std::string>, std::vector<const HistogramRow*>> by_series;
    for (const HistogramRow& row : histograms) by_series[{row.cell, row.metric}].push_back(&row);
    for (const auto& [series, rows] : by_series) {
        for (auto& [name, merged] : merged_percentiles(rows))
            percentiles_.emplace(std::tuple(series.first, series.second, name), std::move(merged));
    }
}

std::vector<CellKey> LoadMeasurements::timed_cells() const {
    std::vector<CellKey> timed;
    std::copy_if(cells_.begin(), cells_.end(), std::back_inserter(timed),
                 [](const CellKey& cell) { return cell.build != Build::counted; });
    return timed;
}

const LoadMeasurements::Windows& LoadMeasurements::windows(const CellKey& cell, Source source) const {
    static const Windows none;
    const auto sources = windows_.find(cell);
    if (sources == windows_.end()) return none;
    const auto found = sources->second.find(source);
    return found == sources->second.end() ? none : found->second;
}

bool LoadMeasurements::lists(const CellKey& cell, Source source, const std::string& metric) const {
    const Windows& all = windows(cell, source);
    return std::any_of(all.begin(), all.end(), [&](const auto& window) { return window.second.seen.lists({metric, ""}); });
}

template <class Value>
Sample LoadMeasurements::sample(const CellKey& cell, Source source, const Quantity& quantity, const Value& value) const {
    if (!holds(cell)) return Sample(Absent{"not in this run"});
    std::map<std::uint64_t, double> values;
    std::string reason;
    for (const auto& [repetition, window] : windows(cell, source)) {
        if (!window.seen.tells(quantity)) continue;
        const Measured<std::uint64_t> reading = window.seen.reading(quantity);
        if (reading.present())
            values.emplace(repetition, value(static_cast<double>(reading.value()), window.requests.at(quantity.metric)));
        else if (reason.empty())
            reason = reading.reason();
    }
    if (values.empty() && reason.empty())
        return Sample(Absent{fmt::format("{} does not tell {}", name_of(source), quantity.metric)});
    return {values, reason, values.empty() ? "" : reason};
}

Sample LoadMeasurements::per_request(const CellKey& cell, Source source, const Quantity& quantity) const {
    return sample(cell, source, quantity,
                  [](double value, std::uint64_t requests) { return value / static_cast<double>(requests); });
}

Sample LoadMeasurements::whole(const CellKey& cell, Source source, const Quantity& quantity) const {
    return sample(cell, source, quantity, [](double value, std::uint64_t) { return value; });
}

std::optional<Source> LoadMeasurements::teller(const CellKey& cell, const std::string& metric) const {
    for (const Source source : {Source::ledger, Source::bpf}) {
        if (whole(cell, source, {metric, ""}).present()) return source;
    }
    return std::nullopt;
}

Sample LoadMeasurements::counted(const CellKey& cell, const Quantity& quantity) const {
    Sample ledger = per_request(cell, Source::ledger, quantity);
    if (ledger.present()) return ledger;
    const Sample bpf = per_request(cell, Source::bpf, quantity);
    return bpf.present() || !lists(cell, Source::ledger, quantity.metric) ? bpf : ledger;
}

std::optional<bool> LoadMeasurements::agreed(const CellKey& cell, const Quantity& quantity) const {
    const Sample apart = whole(cell, Source::ledger, quantity) - whole(cell, Source::bpf, quantity);
    if (!apart.present()) return std::nullopt;
    const std::vector<double> values = apart.values();
    return std::all_of(values.begin(), values.end(), [](double difference) { return difference == 0; });
}

std::set<std::string> LoadMeasurements::parts(const CellKey& cell, Source source, const std::string& metric) const {
    std::set<std::string> names;
    for (const auto& [repetition, window] : windows(cell, source)) {
        for (const auto& [detail, reading] : window.seen.parts(metric)) names.insert(detail);
    }
    return names;
}

Sample per_second(const Sample& ns) {
    std::map<std::uint64_t, double> rates;
    for (const auto& [repetition, value] : ns.by_repetition()) {
        if (value > 0) rates.emplace(repetition, ns_per_s / value);
    }
    return {rates, ns.present() ? "a window of no length" : ns.reason(), ns.left_out()};
}

Sample LoadMeasurements::requests_per_s(const CellKey& cell) const {
    return per_second(per_request(cell, Source::client, {"elapsed_ns", ""}));
}

const Merged& LoadMeasurements::percentile(const CellKey& cell, const std::string& metric, const std::string& name) const {
    static const Merged unknown{Absent{"this run holds no histogram of it; runs of earlier versions have none"}, {}};
    const auto found = percentiles_.find({cell, metric, name});
    return found == percentiles_.end() ? unknown : found->second;
}

bool LoadMeasurements::has_open_loop(const CellKey& cell) const { return lists(cell, Source::client, "offered_per_s"); }

std::string LoadMeasurements::offered_text(const std::vector<CellKey>& cells) const {
    Extremes rates;
    for (const CellKey& cell : cells) {
        for (const double rate : whole(cell, Source::client, {"offered_per_s", ""}).values()) rates.include(rate);
    }
    if (!rates.any()) return "at an unknown rate";
    if (rates.single()) return fmt::format("at {:.0f}/s", *rates.least);
    return fmt::format("at {:.0f} to {:.0f}/s, not one rate for all", *rates.least, *rates.most);
}

std::map<std::string, std::size_t> LoadMeasurements::marks(const CellKey& cell) const {
    std::map<std::string, std::size_t> marks;
    for (const std::string& name : parts(cell, Source::client, "marks")) {
        const std::vector<double> values = whole(cell, Source::client, {"marks", name}).values();
        const auto marked = std::count_if(values.begin(), values.end(), [](double value) { return value > 0; });
        if (marked > 0) marks.emplace(name, marked);
    }
    return marks;
}

std::string LoadMeasurements::marks_text(const CellKey& cell) const {
    std::size_t repetitions = 0;
    std::string unknown;
    for (const auto& [repetition, window] : windows(cell, Source::client)) {
        if (!window.seen.lists({"marks", ""})) continue;
        ++repetitions;
        const Measured<std::uint64_t> total = window.seen.total("marks");
        if (!total.present() && unknown.empty()) unknown = total.reason();
    }
    if (repetitions == 0) return "marks absent: " + whole(cell, Source::client, {"marks", ""}).reason();
    std::string text;
    const auto append = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
    for (const auto& [name, marked] : marks(cell)) append(fmt::format("{} in {} of {} repetitions", name, marked, repetitions));
    if (!unknown.empty()) append("not all marks can be told: " + unknown);
    return text;
}

}  // namespace tare
