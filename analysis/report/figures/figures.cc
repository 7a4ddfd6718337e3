// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/figures/figures.h"

#include <algorithm>

namespace tare::figures {

namespace {

chart::Point with_marks(chart::Point point, const LoadMeasurements& load, const CellKey& cell) {
    for (const auto& [mark, repetitions] : load.marks(cell)) point.marks.push_back(mark);
    return point;
}

}  // namespace

chart::Point point(chart::Place x, const Sample& sample, const LoadMeasurements& load, const CellKey& cell) {
    chart::Point point{std::move(x), {}, {}, {}, {}, {}};
    if (sample.present()) {
        point = chart::point(point.x, sample.estimate());
        point.raw = sample.values();
    }
    return with_marks(point, load, cell);
}

chart::Point point(chart::Place x, const Merged& merged, double factor, const LoadMeasurements& load, const CellKey& cell) {
    chart::Point point{std::move(x), {}, {}, {}, {}, {}};
    if (merged.estimate.present()) {
        point = chart::point(point.x, merged.estimate.value() * factor);
        for (const double value : merged.by_repetition) point.raw.push_back(value * factor);
    }
    return with_marks(point, load, cell);
}

std::optional<Ends> ends_at(const std::vector<chart::Series>& series, const chart::Place& x) {
    std::optional<Ends> ends;
    for (const chart::Series& each : series) {
        for (const chart::Point& point : each.points) {
            if (!point.y || point.x != x) continue;
            if (!ends) ends = Ends{each.name, each.name, *point.y, *point.y};
            if (*point.y < ends->least) ends->least_name = each.name;
            if (*point.y > ends->most) ends->most_name = each.name;
            ends->least = std::min(ends->least, *point.y);
            ends->most = std::max(ends->most, *point.y);
        }
    }
    return ends;
}

std::string data_json(const std::string& run_id, const std::vector<chart::Chart>& figures) {
    nlohmann::json charts = nlohmann::json::array();
    for (const chart::Chart& figure : figures) charts.push_back(to_json(figure));
    return nlohmann::json{{"schema", 1}, {"run", run_id}, {"figures", charts}}.dump(1) + "\n";
}

}  // namespace tare::figures
