// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/measurements.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace tare {

Measurements::Measurements(const std::vector<Observation>& observations) {
    std::set<CellKey> known;
    for (const Observation& seen : observations) {
        if (seen.cell.mode == Mode::load || seen.cell.kind == Kind::command) continue;
        if (known.insert(seen.cell).second) cells_.push_back(seen.cell);
        Window& window = windows_[{seen.cell, seen.source, seen.repetition}];
        window.units = seen.divisor.count;
        window.snapshot.set(seen.quantity, seen.reading);
    }
}

const CellKey& CellPair::either() const {
    check(any(), "either() of no cell");
    return counted ? *counted : *timed;
}

std::vector<CellKey> Measurements::unpipelined_requests(const VariantName& variant, Build build, const std::string& op) const {
    std::vector<CellKey> found;
    for (const CellKey& cell : cells_) {
        const bool lone =
            cell.kind == Kind::request && cell.mode == Mode::lockstep && cell.connections == 1 && cell.pipeline == 1;
        if (cell.variant == variant && cell.build == build && cell.op == op && lone) found.push_back(cell);
    }
    return found;
}

bool Measurements::holds(const VariantName& variant, const std::string& op) const {
    return !unpipelined_requests(variant, Build::counted, op).empty() || !unpipelined_requests(variant, Build::timed, op).empty();
}

CellPair Measurements::both_builds(CellKey cell) const {
    CellPair pair;
    for (const auto& [build, place] : {std::pair{Build::counted, &pair.counted}, std::pair{Build::timed, &pair.timed}}) {
        cell.build = build;
        if (std::find(cells_.begin(), cells_.end(), cell) != cells_.end()) *place = cell;
    }
    return pair;
}

CellPair Measurements::small_cells(const VariantName& variant, const std::string& op) const {
    const auto order = [](const CellKey& cell) { return std::tuple(cell.value_bytes, cell.key_bytes != 16, cell.key_bytes); };
    for (const Build build : {Build::counted, Build::timed}) {
        std::optional<CellKey> found;
        for (const CellKey& cell : unpipelined_requests(variant, build, op)) {
            if (cell.value_bytes == 0 || cell.value_bytes >= small_value_bytes) continue;
            if (!found || order(cell) < order(*found)) found = cell;
        }
        if (found) return both_builds(*found);
    }
    return {};
}

CellPair Measurements::large_cells(const VariantName& variant, const std::string& op) const {
    const CellPair small = small_cells(variant, op);
    if (!small.any()) return {};
    for (const Build build : {Build::counted, Build::timed}) {
        std::optional<CellKey> found;
        for (const CellKey& cell : unpipelined_requests(variant, build, op)) {
            if (cell.key_bytes != small.either().key_bytes || cell.value_bytes <= small.either().value_bytes) continue;
            if (!found || cell.value_bytes > found->value_bytes) found = cell;
        }
        if (found) return both_builds(*found);
    }
    return {};
}

const Measurements::Window* Measurements::window(const CellKey& cell, Source source, std::uint64_t repetition) const {
    const auto found = windows_.find({cell, source, repetition});
    return found == windows_.end() ? nullptr : &found->second;
}

Measured<std::uint64_t> Measurements::reading(const Window* window, Source source, const Quantity& quantity) const {
    if (window == nullptr) return Absent{fmt::format("{} did not watch this", name_of(source))};
    if (!window->snapshot.tells(quantity)) return Absent{fmt::format("{} does not count {}", name_of(source), quantity.metric)};
    return window->snapshot.reading(quantity);
}

bool Measurements::watched(const CellKey& cell, Source source, const std::string& metric) const {
    const Window* const first = window(cell, source, 0);
    return first != nullptr && first->snapshot.lists({metric, ""});
}

PerRequest Measurements::figure(const CellKey& cell, Source source, const Quantity& quantity) const {
    const Window* const first = window(cell, source, 0);
    return per_request(reading(first, source, quantity), first == nullptr ? 1 : first->units);
}

PerRequest Measurements::extra_figure(const CellKey& cell, Source source, const Quantity& quantity) const {
    const Window* const first = window(cell, source, 0);
    const Window* const second = window(cell, source, 1);
    if (first == nullptr || second == nullptr || second->units <= first->units)
        return Absent{fmt::format("{} has no second window of more requests", name_of(source))};
    return per_request(reading(second, source, quantity) - reading(first, source, quantity), second->units - first->units);
}

std::map<std::string, PerRequest> Measurements::parts(const CellKey& cell, Source source, const std::string& metric) const {
    std::map<std::string, PerRequest> parts;
    const Window* const first = window(cell, source, 0);
    if (first == nullptr) return parts;
    for (const auto& [detail, reading] : first->snapshot.parts(metric)) parts.emplace(detail, per_request(reading, first->units));
    return parts;
}

std::vector<std::string> Measurements::metrics_of(const CellKey& cell) const {
    std::set<std::string> names;
    for (const auto& [key, window] : windows_) {
        if (key.cell != cell || key.repetition != 0) continue;
        for (const auto& [quantity, reading] : window.snapshot) {
            if (quantity.detail.empty()) names.insert(quantity.metric);
        }
    }
    return {names.begin(), names.end()};
}

std::uint64_t Measurements::requests_of(const CellKey& cell) const {
    for (const auto& [key, window] : windows_) {
        if (key.cell == cell && key.repetition == 0) return window.units;
    }
    return 0;
}

}  // namespace tare
