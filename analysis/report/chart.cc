// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/chart.h"

namespace tare::chart {
namespace {

using nlohmann::json;

json to_json(const Point& point);
json to_json(const Series& series);
json to_json(const Step& step);
json to_json(const Rule& rule);
json to_json(const Panel& panel);

template <class Items>
json all(const Items& items) {
    json array = json::array();
    for (const auto& item : items) array.push_back(to_json(item));
    return array;
}

json to_json(const std::optional<double>& number) { return number ? json(*number) : json(); }

json to_json(const Point& point) {
    json object{{"y", to_json(point.y)}, {"low", to_json(point.low)}, {"high", to_json(point.high)}};
    std::visit([&](const auto& x) { object["x"] = x; }, point.x);
    if (!point.raw.empty()) object["raw"] = point.raw;
    if (!point.marks.empty()) object["marks"] = point.marks;
    return object;
}

json to_json(const Series& series) {
    json object{{"name", series.name}, {"points", all(series.points)}};
    if (!series.curve.empty()) object["curve"] = series.curve;
    if (series.stack) object["stack"] = true;
    return object;
}

json to_json(const Step& step) {
    return {{"label", step.label},
            {"value", to_json(step.value)},
            {"low", to_json(step.low)},
            {"high", to_json(step.high)},
            {"kind", step.kind}};
}

json to_json(const Rule& rule) { return {{"x", rule.x}, {"low", rule.low}, {"high", rule.high}, {"label", rule.label}}; }

json to_json(const Panel& panel) {
    json object{{"title", panel.title}};
    if (!panel.series.empty()) object["series"] = all(panel.series);
    if (!panel.steps.empty()) object["steps"] = all(panel.steps);
    if (!panel.lines.empty()) object["lines"] = all(panel.lines);
    return object;
}

json to_json(const Axis& axis) { return {{"label", axis.label}, {"scale", axis.scale}}; }

}  // namespace

Point point(Place x, const Estimate& estimate) {
    Point point{std::move(x), estimate.value, {}, {}, {}, {}};
    if (estimate.interval) {
        point.low = estimate.low;
        point.high = estimate.high;
    }
    return point;
}

nlohmann::json to_json(const Chart& chart) {
    return {{"name", chart.name},    {"title", chart.title},  {"caption", chart.caption}, {"kind", chart.kind},
            {"x", to_json(chart.x)}, {"y", to_json(chart.y)}, {"notes", chart.notes},     {"panels", all(chart.panels)}};
}

}  // namespace tare::chart
