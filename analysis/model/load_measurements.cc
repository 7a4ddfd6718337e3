// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/load_measurements.h"

#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/extremes.h"

namespace tare {
namespace {

constexpr double ns_per_s = 1e9;

}  // namespace

CellKey with_variant(CellKey cell, const VariantName& variant, const std::string& build) {
    cell.variant = variant;
    cell.build = build;
    return cell;
}

LoadMeasurements::LoadMeasurements(const std::vector<Observation>& observations, const std::vector<HistogramRow>& histograms) {
    for (const Observation& seen : observations) {
        if (seen.cell.mode != "load") continue;
        if (!series_.contains(seen.cell)) cells_.push_back(seen.cell);
        series_[seen.cell][{seen.source, seen.quantity}].insert_or_assign(seen.repetition, Entry{seen.requests, seen.reading});
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
                 [](const CellKey& cell) { return cell.build != "counted"; });
    return timed;
}

const LoadMeasurements::Entries* LoadMeasurements::entries(const CellKey& cell, const std::string& source,
                                                           const Quantity& quantity) const {
    const auto series = series_.find(cell);
    if (series == series_.end()) return nullptr;
    const auto found = series->second.find({source, quantity});
    return found == series->second.end() ? nullptr : &found->second;
}

// Of a part, the repetitions of its total count: where only the total stands, the part is 0.
template <class Value>
Sample LoadMeasurements::sample(const CellKey& cell, const std::string& source, const Quantity& quantity,
                                const Value& value) const {
    if (!holds(cell)) return Sample(Absent{"not in this run"});
    const Entries* const totals = entries(cell, source, {quantity.metric, ""});
    const Entries* const own = entries(cell, source, quantity);
    const Entries* const listed = totals != nullptr ? totals : own;
    if (listed == nullptr) return Sample(Absent{fmt::format("{} does not tell {}", source, quantity.metric)});
    std::map<std::uint64_t, double> values;
    std::string reason;
    for (const auto& [repetition, total] : *listed) {
        Entry entry = total;
        if (own != totals) {
            const auto part = own == nullptr ? Entries::const_iterator{} : own->find(repetition);
            if (own != nullptr && part != own->end())
                entry = part->second;
            else if (total.reading.present())
                entry = {total.requests, std::uint64_t{0}};
        }
        if (entry.reading.present())
            values.emplace(repetition, value(entry));
        else if (reason.empty())
            reason = entry.reading.reason();
    }
    return {values, reason, values.empty() ? "" : reason};
}

Sample LoadMeasurements::per_request(const CellKey& cell, const std::string& source, const Quantity& quantity) const {
    return sample(cell, source, quantity, [](const Entry& entry) {
        return static_cast<double>(entry.reading.value()) / static_cast<double>(entry.requests);
    });
}

Sample LoadMeasurements::whole(const CellKey& cell, const std::string& source, const Quantity& quantity) const {
    return sample(cell, source, quantity, [](const Entry& entry) { return static_cast<double>(entry.reading.value()); });
}

std::string LoadMeasurements::teller(const CellKey& cell, const std::string& metric) const {
    for (const char* const source : {"ledger", "bpf"}) {
        if (whole(cell, source, {metric, ""}).present()) return source;
    }
    return "";
}

Sample LoadMeasurements::counted(const CellKey& cell, const Quantity& quantity) const {
    Sample ledger = per_request(cell, "ledger", quantity);
    if (ledger.present()) return ledger;
    const Sample bpf = per_request(cell, "bpf", quantity);
    return bpf.present() || entries(cell, "ledger", {quantity.metric, ""}) == nullptr ? bpf : ledger;
}

std::optional<bool> LoadMeasurements::agreed(const CellKey& cell, const Quantity& quantity) const {
    const Sample apart = whole(cell, "ledger", quantity) - whole(cell, "bpf", quantity);
    if (!apart.present()) return std::nullopt;
    const std::vector<double> values = apart.values();
    return std::all_of(values.begin(), values.end(), [](double difference) { return difference == 0; });
}

std::set<std::string> LoadMeasurements::parts(const CellKey& cell, const std::string& source, const std::string& metric) const {
    std::set<std::string> names;
    const auto series = series_.find(cell);
    if (series == series_.end()) return names;
    for (const auto& [key, entries] : series->second) {
        if (key.first == source && key.second.metric == metric && !key.second.detail.empty()) names.insert(key.second.detail);
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
    return per_second(per_request(cell, "client", {"elapsed_ns", ""}));
}

const Merged& LoadMeasurements::percentile(const CellKey& cell, const std::string& metric, const std::string& name) const {
    static const Merged unknown{{}, "this run holds no histogram of it; runs of earlier versions have none", {}};
    const auto found = percentiles_.find({cell, metric, name});
    return found == percentiles_.end() ? unknown : found->second;
}

bool LoadMeasurements::has_open_loop(const CellKey& cell) const {
    return entries(cell, "client", {"offered_per_s", ""}) != nullptr;
}

std::string LoadMeasurements::offered_text(const std::vector<CellKey>& cells) const {
    Extremes rates;
    for (const CellKey& cell : cells) {
        for (const double rate : whole(cell, "client", {"offered_per_s", ""}).values()) rates.include(rate);
    }
    if (!rates.any()) return "at an unknown rate";
    if (rates.single()) return fmt::format("at {:.0f}/s", *rates.least);
    return fmt::format("at {:.0f} to {:.0f}/s, not one rate for all", *rates.least, *rates.most);
}

std::map<std::string, std::size_t> LoadMeasurements::marks(const CellKey& cell) const {
    std::map<std::string, std::size_t> marks;
    for (const std::string& name : parts(cell, "client", "marks")) {
        const std::vector<double> values = whole(cell, "client", {"marks", name}).values();
        const auto marked = std::count_if(values.begin(), values.end(), [](double value) { return value > 0; });
        if (marked > 0) marks.emplace(name, marked);
    }
    return marks;
}

std::string LoadMeasurements::marks_text(const CellKey& cell) const {
    const Entries* const totals = entries(cell, "client", {"marks", ""});
    if (totals == nullptr) return "marks absent: " + whole(cell, "client", {"marks", ""}).reason();
    std::string text;
    const auto append = [&text](const std::string& more) { text += (text.empty() ? "" : ", ") + more; };
    for (const auto& [name, repetitions] : marks(cell))
        append(fmt::format("{} in {} of {} repetitions", name, repetitions, totals->size()));
    for (const auto& [repetition, total] : *totals) {
        if (total.reading.present()) continue;
        append("not all marks can be told: " + total.reading.reason());
        break;
    }
    return text;
}

}  // namespace tare
