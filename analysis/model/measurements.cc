// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/measurements.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace tare {

Measurements::Measurements(const std::vector<Observation>& observations) {
    std::set<CellKey> known;
    for (const Observation& seen : observations) {
        if (seen.cell.mode == "load") continue;
        if (known.insert(seen.cell).second) cells_.push_back(seen.cell);
        Window& window = windows_[{seen.cell, seen.source, seen.repetition}];
        window.requests = seen.requests;
        window.snapshot.emplace(seen.quantity, seen.reading);
    }
}

const CellKey& CellPair::either() const {
    check(any(), "either() of no cell");
    return counted ? *counted : *timed;
}

std::vector<CellKey> Measurements::unpipelined_requests(const VariantName& variant, const std::string& build,
                                                        const std::string& op) const {
    std::vector<CellKey> found;
    for (const CellKey& cell : cells_) {
        const bool lone = cell.mode == "lockstep" && cell.connections == 1 && cell.pipeline == 1;
        if (cell.variant == variant && cell.build == build && cell.op == op && lone) found.push_back(cell);
    }
    return found;
}

bool Measurements::holds(const VariantName& variant, const std::string& op) const {
    return !unpipelined_requests(variant, "counted", op).empty() || !unpipelined_requests(variant, "timed", op).empty();
}

CellPair Measurements::both_builds(CellKey cell) const {
    CellPair pair;
    for (const auto& [build, place] : {std::pair{"counted", &pair.counted}, std::pair{"timed", &pair.timed}}) {
        cell.build = build;
        if (std::find(cells_.begin(), cells_.end(), cell) != cells_.end()) *place = cell;
    }
    return pair;
}

CellPair Measurements::small_cells(const VariantName& variant, const std::string& op) const {
    const auto order = [](const CellKey& cell) { return std::tuple(cell.value_bytes, cell.key_bytes != 16, cell.key_bytes); };
    for (const char* const build : {"counted", "timed"}) {
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
    for (const char* const build : {"counted", "timed"}) {
        std::optional<CellKey> found;
        for (const CellKey& cell : unpipelined_requests(variant, build, op)) {
            if (cell.key_bytes != small.either().key_bytes || cell.value_bytes <= small.either().value_bytes) continue;
            if (!found || cell.value_bytes > found->value_bytes) found = cell;
        }
        if (found) return both_builds(*found);
    }
    return {};
}

const Measurements::Window* Measurements::window(const CellKey& cell, const std::string& source, std::uint64_t repetition) const {
    const auto found = windows_.find({cell, source, repetition});
    return found == windows_.end() ? nullptr : &found->second;
}

Reading Measurements::reading(const Window* window, const std::string& source, const Quantity& quantity) const {
    if (window == nullptr) return Absent{source + " did not watch this"};
    const auto total = window->snapshot.find({quantity.metric, ""});
    if (total == window->snapshot.end()) return Absent{source + " does not count " + quantity.metric};
    if (quantity.detail.empty() || !total->second.present()) return total->second;
    const auto part = window->snapshot.find(quantity);
    return part == window->snapshot.end() ? Reading(std::uint64_t{0}) : part->second;
}

bool Measurements::watched(const CellKey& cell, const std::string& source, const std::string& metric) const {
    const Window* const first = window(cell, source, 0);
    return first != nullptr && first->snapshot.contains({metric, ""});
}

Figure Measurements::figure(const CellKey& cell, const std::string& source, const Quantity& quantity) const {
    const Window* const first = window(cell, source, 0);
    return {reading(first, source, quantity), first == nullptr ? 1 : first->requests};
}

Figure Measurements::extra_figure(const CellKey& cell, const std::string& source, const Quantity& quantity) const {
    const Window* const first = window(cell, source, 0);
    const Window* const second = window(cell, source, 1);
    if (first == nullptr || second == nullptr || second->requests <= first->requests)
        return Figure(Absent{source + " has no second window of more requests"});
    return {reading(second, source, quantity) - reading(first, source, quantity), second->requests - first->requests};
}

std::map<std::string, Figure> Measurements::parts(const CellKey& cell, const std::string& source,
                                                  const std::string& metric) const {
    std::map<std::string, Figure> parts;
    const Window* const first = window(cell, source, 0);
    if (first == nullptr) return parts;
    for (const auto& [quantity, reading] : first->snapshot) {
        if (quantity.metric == metric && !quantity.detail.empty())
            parts.emplace(quantity.detail, Figure(reading, first->requests));
    }
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
        if (key.cell == cell && key.repetition == 0) return window.requests;
    }
    return 0;
}

}  // namespace tare
