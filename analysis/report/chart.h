// SPDX-License-Identifier: Apache-2.0
// Charts as data: everything that figures/data.json holds of one. All numbers are computed here; who draws them computes
// nothing.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "analysis/model/statistics.h"

namespace tare::chart {

using Place = std::variant<double, std::string>;  // on the x axis; text for a category

// What has no y is absent, and no 0.
struct Point {
    Place x;
    std::optional<double> y, low, high;
    std::vector<double> raw;         // by repetition
    std::vector<std::string> marks;  // validity flags: what makes it doubtful
};

struct Series {
    std::string name;
    std::vector<Point> points;
    std::vector<std::pair<double, double>> curve = {};  // a fit
    bool stack = false;                                 // bars: on top of the series before
};

struct Step {
    std::string label;
    std::optional<double> value, low, high;
    std::string kind;  // total, change or residual
};

// At one x, through the whole panel.
struct Rule {
    double x = 0, low = 0, high = 0;
    std::string label;
};

struct Panel {
    std::string title;
    std::vector<Series> series = {};
    std::vector<Step> steps = {};
    std::vector<Rule> lines = {};
};

struct Axis {
    std::string label;
    std::string scale;  // linear, log or category (x only)
};

struct Chart {
    std::string name, title, caption;
    std::string kind;  // lines, bars, ratios or waterfall
    Axis x, y;
    std::vector<Panel> panels = {};
    std::vector<std::string> notes = {};  // why something is missing
    std::string finding = {};             // one sentence: what is seen in it
};

// With the estimate's value, and its bounds where they are an interval: a mere range is what the raw points show.
Point point(Place x, const Estimate& estimate);

// As many as have a colour and a marker of their own. A panel with more is not read but searched.
inline constexpr std::size_t drawn_series_max = 6;

// The chart as it is drawn: of each panel the first `drawn_series_max` series, so that makers put first what matters most. Notes
// name the series that are left out, and say which points have a validity flag: drawn over the data, flags would hide it.
Chart finished(Chart chart);

nlohmann::json to_json(const Chart& chart);

}  // namespace tare::chart
