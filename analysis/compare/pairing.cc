// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/pairing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "core/metric.h"

namespace tare::compare {
namespace {

constexpr std::array<std::string_view, 3> site_metrics{"allocation_sites", "copy_sites", "syscall_sites"};

struct SourceKey {
    CellKey cell;
    std::string source;
    friend auto operator<=>(const SourceKey&, const SourceKey&) = default;
};
using Quantities = std::map<Quantity, Windows>;
using Side = std::map<SourceKey, Quantities>;
using Marks = std::map<std::pair<CellKey, std::uint64_t>, std::vector<std::string>>;

Marks marks_of(const Run& run) {
    Marks marks;
    for (const Observation& seen : run.observations) {
        if (seen.quantity.metric != "marks" || seen.quantity.detail.empty()) continue;
        if (seen.reading.present() && seen.reading.value() > 0)
            marks[{seen.cell, seen.repetition}].push_back(seen.quantity.detail);
    }
    return marks;
}

bool in_open_window(std::string_view metric) {
    return metric.starts_with("open_") || metric.starts_with("late_") || metric == "offered_per_s";
}

// Whether a mark makes this metric doubtful: those of the open loop its own times alone; and a client that is the limit decides
// how fast requests come, but not what CPU time one takes of the server.
bool concerns(std::string_view mark, std::string_view metric) {
    const bool of_open_window = mark.starts_with("open_") || mark == "over_capacity";
    if (of_open_window != in_open_window(metric)) return false;
    return !(mark.ends_with("client_bound") && metric.starts_with("cpu_"));
}

bool is_call_site(const Quantity& quantity) {
    return !quantity.detail.empty() && std::find(site_metrics.begin(), site_metrics.end(), quantity.metric) != site_metrics.end();
}

// Where " (file:line)" or " (module+0x12ab)" begins, which a call site's name ends in; npos where it has none.
std::size_t place_in(const std::string& site) { return site.ends_with(')') ? site.rfind(" (") : std::string::npos; }

// What a call site is in either run: its function, since lines and addresses move without anything having changed. Where that
// is not known, the file that it is in.
Quantity by_function(Quantity quantity) {
    const std::size_t place = is_call_site(quantity) ? place_in(quantity.detail) : std::string::npos;
    if (place == std::string::npos) return quantity;
    const std::string function = quantity.detail.substr(0, place);
    const std::size_t offset = quantity.detail.rfind("+0x");
    if (!function.ends_with("[unknown]"))
        quantity.detail = function;
    else if (offset != std::string::npos && offset > place)
        quantity.detail = quantity.detail.substr(0, offset) + ")";
    return quantity;
}

// The call sites of each function, by their names in full.
using Sites = std::map<std::pair<SourceKey, Quantity>, std::set<std::string>>;

Sites sites_of(const Run& run) {
    Sites sites;
    for (const Observation& seen : run.observations) {
        if (is_call_site(seen.quantity))
            sites[{{seen.cell, seen.source}, by_function(seen.quantity)}].insert(seen.quantity.detail);
    }
    return sites;
}

// With the place where there is one, as the head has it or, where it has none, the base.
std::string shown_detail(const SourceKey& key, const Quantity& quantity, const Sites& base, const Sites& head) {
    for (const Sites* const sites : {&head, &base}) {
        const auto found = sites->find({key, quantity});
        if (found == sites->end()) continue;
        if (found->second.size() == 1) return *found->second.begin();
        return fmt::format("{} ({} places)", quantity.detail, found->second.size());
    }
    return quantity.detail;
}

Side side_of(const Run& run) {
    const Marks marks = marks_of(run);
    Side side;
    for (const Observation& seen : run.observations) {
        const std::string& metric = seen.quantity.metric;
        if (seen.source == "prediction" || metric == "marks" || metric == "lost_events") continue;
        std::string doubts;
        if (const auto marked = marks.find({seen.cell, seen.repetition}); marked != marks.end()) {
            for (const std::string& mark : marked->second) {
                if (concerns(mark, metric)) doubts += (doubts.empty() ? "" : ", ") + mark;
            }
        }
        Windows& windows = side[{seen.cell, seen.source}][by_function(seen.quantity)];
        const auto [window, fresh] = windows.try_emplace(seen.repetition, Window{seen.requests, seen.reading, doubts});
        if (!fresh) window->second.reading = window->second.reading + seen.reading;
    }
    return side;
}

// The windows of a quantity in one run; those of a part filled up from its total's.
Windows windows_of(const Side& side, const SourceKey& key, const Quantity& quantity) {
    const auto quantities = side.find(key);
    if (quantities == side.end()) return {};
    const auto found = quantities->second.find(quantity);
    Windows windows = found == quantities->second.end() ? Windows{} : found->second;
    const auto total = quantities->second.find({quantity.metric, ""});
    if (quantity.detail.empty() || total == quantities->second.end()) return windows;
    for (const auto& [repetition, window] : total->second) {
        Window part = window;
        if (part.reading.present()) part.reading = std::uint64_t{0};
        windows.emplace(repetition, part);
    }
    return windows;
}

// Open loops of two runs that had different rates to keep: what differs may be the load. One in a hundred is less than what a
// rate does to a latency below capacity.
void mark_other_rate(Row& row, const Side& base, const Side& head) {
    constexpr double rates_apart = 0.01;
    if (!in_open_window(row.quantity.metric) || row.quantity.metric == "offered_per_s") return;
    const Windows base_rates = windows_of(base, {row.cell, "client"}, {"offered_per_s", ""});
    const Windows head_rates = windows_of(head, {row.cell, "client"}, {"offered_per_s", ""});
    for (auto& [repetition, window] : row.head) {
        const auto left = base_rates.find(repetition);
        const auto right = head_rates.find(repetition);
        if (left == base_rates.end() || right == head_rates.end()) continue;
        if (!left->second.reading.present() || !right->second.reading.present()) continue;
        const auto base_rate = static_cast<double>(left->second.reading.value());
        const auto head_rate = static_cast<double>(right->second.reading.value());
        if (std::abs(head_rate - base_rate) > rates_apart * base_rate)
            window.marks += (window.marks.empty() ? "" : ", ") + std::string("other_rate");
    }
}

std::size_t place_of(const std::string& metric) {
    const auto found = std::find_if(metrics.begin(), metrics.end(), [&](const Metric& each) { return each.name == metric; });
    return static_cast<std::size_t>(found - metrics.begin());
}

void add_losses(std::vector<std::string>& lines, const Run& run, const char* side) {
    for (const Observation& seen : run.observations) {
        if (seen.quantity.metric != "lost_events" || !seen.quantity.detail.empty()) continue;
        if (!seen.reading.present() || seen.reading.value() == 0) continue;
        lines.push_back(fmt::format("{}: {} lost {} events in {}", side, seen.source, seen.reading.value(), name_of(seen.cell)));
    }
}

}  // namespace

std::vector<Row> pair_rows(const Run& base, const Run& head) {
    const Side left = side_of(base);
    const Side right = side_of(head);
    std::set<std::pair<SourceKey, Quantity>> keys;
    for (const Side* const side : {&left, &right}) {
        for (const auto& [key, quantities] : *side) {
            for (const auto& [quantity, windows] : quantities) keys.emplace(key, quantity);
        }
    }
    std::vector<Row> rows;
    rows.reserve(keys.size());
    const Sites left_sites = sites_of(base);
    const Sites right_sites = sites_of(head);
    for (const auto& [key, quantity] : keys) {
        Row row{key.cell, key.source, quantity, windows_of(left, key, quantity), windows_of(right, key, quantity)};
        mark_other_rate(row, left, right);
        if (is_call_site(quantity)) row.quantity.detail = shown_detail(key, quantity, left_sites, right_sites);
        rows.push_back(std::move(row));
    }
    const auto order = [](const Row& row) {
        return std::tuple(row.cell, place_of(row.quantity.metric), row.quantity.metric, row.quantity.detail, row.source);
    };
    std::sort(rows.begin(), rows.end(), [&](const Row& one, const Row& other) { return order(one) < order(other); });
    return rows;
}

std::vector<std::string> losses(const Run& base, const Run& head) {
    std::vector<std::string> lines;
    add_losses(lines, base, "base");
    add_losses(lines, head, "head");
    return lines;
}

bool is_absolute(const std::string& metric) { return metric.ends_with("_percentile_ns") || metric.ends_with("_per_s"); }

double figure_of(const Window& window, const std::string& metric) {
    const auto value = static_cast<double>(window.reading.value());
    return is_absolute(metric) ? value : value / static_cast<double>(window.requests);
}

}  // namespace tare::compare
