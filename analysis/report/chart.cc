// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/chart.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

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

// A note that names more points than these is not read.
constexpr std::size_t named_points_max = 6;

std::string text_of(const Place& x) {
    return std::visit([](const auto& place) { return fmt::format("{}", place); }, x);
}

std::string left_out(const Panel& panel) {
    std::vector<std::string> names;
    for (std::size_t at = drawn_series_max; at < panel.series.size(); ++at) names.push_back(panel.series[at].name);
    return fmt::format("{}: {} are left out of the picture and stand in the details", panel.title, fmt::join(names, ", "));
}

// One for each flag: at how many points it stands, and at which where they are few.
std::vector<std::string> flag_notes(const std::vector<Panel>& panels) {
    std::map<std::string, std::vector<std::string>> flagged;
    std::size_t points = 0;
    for (const Panel& panel : panels) {
        for (const Series& series : panel.series) {
            for (const Point& each : series.points) {
                if (!each.y) continue;
                ++points;
                for (const std::string& mark : each.marks)
                    flagged[mark].push_back(fmt::format("{}, {} at {}", panel.title, series.name, text_of(each.x)));
            }
        }
    }
    std::vector<std::string> notes;
    for (const auto& [mark, at] : flagged) {
        const std::string where = at.size() > named_points_max ? "the details say at which" : fmt::to_string(fmt::join(at, "; "));
        notes.push_back(fmt::format("validity flag {} at {} of {} points: {}", mark, at.size(), points, where));
    }
    return notes;
}

}  // namespace

Point point(Place x, const Estimate& estimate) {
    Point point{std::move(x), estimate.value, {}, {}, {}, {}};
    if (estimate.interval) {
        point.low = estimate.low;
        point.high = estimate.high;
    }
    return point;
}

Chart finished(Chart chart) {
    for (Panel& panel : chart.panels) {
        if (panel.series.size() <= drawn_series_max) continue;
        chart.notes.push_back(left_out(panel));
        panel.series.resize(drawn_series_max);
    }
    for (const std::string& note : flag_notes(chart.panels)) chart.notes.push_back(note);
    return chart;
}

nlohmann::json to_json(const Chart& chart) {
    return {{"name", chart.name},       {"title", chart.title}, {"finding", chart.finding},
            {"caption", chart.caption}, {"kind", chart.kind},   {"x", to_json(chart.x)},
            {"y", to_json(chart.y)},    {"notes", chart.notes}, {"panels", all(chart.panels)}};
}

}  // namespace tare::chart
