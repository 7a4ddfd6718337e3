// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/pair.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

#include "core/metric.h"
#include "core/plain_text.h"
#include "core/snapshot.h"

namespace tare::compare {
namespace {

constexpr std::array<std::string_view, 4> site_metrics{"allocation_sites", "copy_sites", "syscall_sites", "counter_sites"};

struct SourceKey {
    CellKey cell;
    Source source;
    friend auto operator<=>(const SourceKey&, const SourceKey&) = default;
};
// What one source saw in one repetition.
struct Seen {
    struct Terms {
        std::uint64_t requests;
        std::string marks;
    };
    Snapshot readings;
    std::map<std::string, Terms> terms;  // by metric
};
using Repetitions = std::map<std::uint64_t, Seen>;
using Side = std::map<SourceKey, Repetitions>;
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

// Whether a mark makes this metric doubtful: those of the open loop its own times alone; and a client that is the limit decides
// how fast requests come, but not what CPU time one takes of the server.
bool concerns(std::string_view mark, const Metric& metric) {
    const bool of_open_window = mark.starts_with("open_") || mark == "over_capacity";
    if (of_open_window != (metric.loop == LoopKind::open)) return false;
    return !(mark.ends_with("client_bound") && metric.aggregation == Aggregation::cpu_time);
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

// Those of the window's marks that make this metric doubtful.
std::string marks_that_concern(const Metric& metric, const std::vector<std::string>& marks) {
    std::string doubts;
    for (const std::string& mark : marks) {
        if (concerns(mark, metric)) doubts += (doubts.empty() ? "" : ", ") + mark;
    }
    return doubts;
}

Side side_of(const Run& run) {
    Marks marks = marks_of(run);
    Side side;
    for (const Observation& seen : run.observations) {
        const Metric& metric = metric_of(seen.quantity.metric);
        if (seen.source == Source::prediction || metric.aggregation == Aggregation::flag) continue;
        Seen& window = side[{seen.cell, seen.source}][seen.repetition];
        window.readings.add(by_function(seen.quantity), seen.reading);
        if (window.terms.contains(seen.quantity.metric)) continue;
        const std::string doubts = marks_that_concern(metric, marks[{seen.cell, seen.repetition}]);
        window.terms.emplace(seen.quantity.metric, Seen::Terms{seen.divisor.count, doubts});
    }
    return side;
}

// The windows of a quantity in one run.
Windows windows_of(const Side& side, const SourceKey& key, const Quantity& quantity) {
    const auto repetitions = side.find(key);
    if (repetitions == side.end()) return {};
    Windows windows;
    for (const auto& [repetition, seen] : repetitions->second) {
        if (!seen.readings.tells(quantity)) continue;
        const Seen::Terms& terms = seen.terms.at(quantity.metric);
        windows.emplace(repetition, Window{terms.requests, seen.readings.reading(quantity), terms.marks});
    }
    return windows;
}

// Open loops of two runs that had different rates to keep: what differs may be the load. One in a hundred is less than what a
// rate does to a latency below capacity.
void mark_other_rate(Row& row, const Side& base, const Side& head) {
    constexpr double rates_apart = 0.01;
    const Metric& metric = metric_of(row.quantity.metric);
    if (metric.loop != LoopKind::open || metric.aggregation == Aggregation::rate) return;
    const Windows base_rates = windows_of(base, {row.cell, Source::client}, {"offered_per_s", ""});
    const Windows head_rates = windows_of(head, {row.cell, Source::client}, {"offered_per_s", ""});
    for (auto& [repetition, window] : row.head_windows) {
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

void add_losses(std::vector<std::string>& lines, const Run& run, const char* side) {
    for (const Observation& seen : run.observations) {
        if (seen.quantity.metric != "lost_events" || !seen.quantity.detail.empty()) continue;
        if (!seen.reading.present() || seen.reading.value() == 0) continue;
        lines.push_back(
            fmt::format("{}: {} lost {} events in {}", side, name_of(seen.source), seen.reading.value(), name_of(seen.cell)));
    }
}

}  // namespace

std::vector<Row> pair_rows(const Run& base, const Run& head) {
    const Side left = side_of(base);
    const Side right = side_of(head);
    std::set<std::pair<SourceKey, Quantity>> keys;
    for (const Side* const side : {&left, &right}) {
        for (const auto& [key, repetitions] : *side) {
            for (const auto& [repetition, seen] : repetitions) {
                for (const auto& [quantity, reading] : seen.readings) keys.emplace(key, quantity);
            }
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
        return std::tuple(row.cell, place_in_table(row.quantity.metric), row.quantity.metric, row.quantity.detail, row.source);
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

bool is_absolute(const std::string& metric) { return !metric_of(metric).is_sum(); }

double figure_of(const Window& window, const std::string& metric) {
    const auto value = static_cast<double>(window.reading.value());
    return is_absolute(metric) ? value : value / static_cast<double>(window.requests);
}

Extremes extremes_of(const Windows& windows, const std::string& metric) {
    Extremes extremes;
    for (const auto& [repetition, window] : windows) extremes.include(figure_of(window, metric));
    return extremes;
}

std::uint64_t requests_of(const Windows& windows) {
    std::uint64_t requests = 0;
    for (const auto& [repetition, window] : windows) requests += window.requests;
    return requests;
}

double figure_of_all(const Windows& windows, const std::string& metric) {
    if (is_absolute(metric)) return figure_of(windows.begin()->second, metric);
    double value = 0;
    for (const auto& [repetition, window] : windows) value += static_cast<double>(window.reading.value());
    return value / static_cast<double>(requests_of(windows));
}

std::map<std::string, std::size_t> marks_in(const Windows& windows) {
    std::map<std::string, std::size_t> counts;
    for (const auto& [repetition, window] : windows) {
        std::string_view left = window.marks;
        while (!left.empty()) {
            const std::string_view mark = left.substr(0, left.find(", "));
            ++counts[std::string(mark)];
            left.remove_prefix(std::min(left.size(), mark.size() + 2));
        }
    }
    return counts;
}

std::size_t marked_count(const Windows& windows) {
    return static_cast<std::size_t>(
        std::count_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.marks.empty(); }));
}

std::string marks_text(const Windows& windows) {
    std::string text;
    for (const auto& [mark, count] : marks_in(windows))
        text += fmt::format("{}{} in {} of {} windows", text.empty() ? "" : ", ", mark, count, windows.size());
    return text;
}

std::string marks_text(const Row& row) {
    const std::string base = marks_text(row.base_windows);
    const std::string head = marks_text(row.head_windows);
    return fmt::format("{}{}{}{}{}", base.empty() ? "" : "base: ", base, base.empty() || head.empty() ? "" : "; ",
                       head.empty() ? "" : "head: ", head);
}

std::size_t absent_count(const Windows& windows) {
    return static_cast<std::size_t>(
        std::count_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.reading.present(); }));
}

std::string absence_text(const Windows& windows) {
    if (windows.empty()) return "not in this run";
    const std::size_t absent = absent_count(windows);
    if (absent == 0) return "";
    const auto first =
        std::find_if(windows.begin(), windows.end(), [](const auto& each) { return !each.second.reading.present(); });
    const std::string& reason = first->second.reading.reason();
    if (absent == windows.size()) return "absent: " + reason;
    return fmt::format("absent in {} of {} windows: {}", absent, windows.size(), reason);
}

Pairs pairs_of(const Row& row) {
    const bool is_time = metric_of(row.quantity.metric).is_time();
    Pairs pairs;
    for (const auto& [repetition, base] : row.base_windows) {
        const auto partner = row.head_windows.find(repetition);
        if (partner == row.head_windows.end() || !base.reading.present() || !partner->second.reading.present()) continue;
        const Window& head = partner->second;
        if (is_time && !(base.marks.empty() && head.marks.empty())) {
            ++pairs.marked_count;
            if (!base.marks.empty()) pairs.marks.insert("base: " + base.marks);
            if (!head.marks.empty()) pairs.marks.insert("head: " + head.marks);
            continue;
        }
        pairs.repetitions.push_back(repetition);
        pairs.base.push_back(figure_of(base, row.quantity.metric));
        pairs.head.push_back(figure_of(head, row.quantity.metric));
    }
    return pairs;
}

std::string number_text(double number) {
    if (number == std::floor(number) && std::abs(number) < 1e15) return fmt::format("{:.0f}", number);
    return std::abs(number) < 0.1 ? fmt::format("{:.2g}", number) : fmt::format("{:.3f}", number);
}

std::string quantity_text(const Quantity& quantity) {
    return plain(quantity.detail.empty() ? quantity.metric : quantity.metric + " " + quantity.detail);
}

}  // namespace tare::compare
