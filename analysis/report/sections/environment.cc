// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/sections/sections.h"
#include "core/median.h"

namespace tare::sections {
namespace {

using nlohmann::json;

std::string text_of_value(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

List fields(const json& environment) {
    List list;
    for (const char* const group : {"machine", "build", "libraries", "tare", "pinning"}) {
        const json members = environment.value(group, json::object());
        std::vector<Text> texts;
        for (const auto& [name, value] : members.items()) {
            if (!value.is_object()) texts.push_back(text_of(name, ": ", text_of_value(value)));
        }
        if (!texts.empty()) list.items.push_back(text_of(strong(group), " ", joined(texts, "; ")));
    }
    return list;
}

Cell median_and_range(const std::vector<double>& numbers) {
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    Cell cell(document::CellType::time, fmt::format("{:.0f} ({:.0f} to {:.0f})", median(numbers), *least, *most));
    cell.value = median(numbers);
    cell.low = *least;
    cell.high = *most;
    return cell;
}

Table costs(const json& environment) {
    Table table{{"Probe", "Event", "Without", "With", "Added"}, {}};
    for (const json& row : environment.value("probe_cost", json::array())) {
        const std::vector<double> without = row.value("without_ns", std::vector<double>{});
        const std::vector<double> with = row.value("with_ns", std::vector<double>{});
        Row cells{code(row.value("name", "")), row.value("event", "")};
        if (without.empty() || without.size() != with.size()) {
            const Cell reason(document::CellType::absent, row.value("status", "absent: not measured"));
            cells.insert(cells.end(), {reason, reason, reason});
        } else {
            std::vector<double> added;
            for (std::size_t index = 0; index < with.size(); ++index) added.push_back(with[index] - without[index]);
            cells.insert(cells.end(), {median_and_range(without), median_and_range(with), median_and_range(added)});
        }
        table.rows.push_back(std::move(cells));
    }
    return table;
}

Table statuses(const json& environment) {
    Table table{{"Probe", "Source", "Status"}, {}};
    for (const json& row : environment.value("probes", json::array()))
        table.rows.push_back({code(row.value("name", "")), row.value("source", ""), row.value("status", "")});
    return table;
}

}  // namespace

Section environment(const Findings& findings) {
    const json& environment = findings.run.environment;
    Section section{"environment", "Environment"};
    try {
        section.summary = {fields(environment)};
        section.details = {
            Paragraph{"Probe cost, timed in windows of their own, never while a server was counted; nanoseconds for one "
                      "event, median and range:"},
            costs(environment), Paragraph{"Which probes there were:"}, statuses(environment)};
        const std::vector<std::string> warnings = warnings_of(findings);
        if (warnings.size() > lead_warnings_max)
            section.details.insert(section.details.end(), {Heading{3, "Warnings"}, List{{warnings.begin(), warnings.end()}}});
    } catch (const json::exception& error) {
        section.summary = {
            Paragraph{fmt::format("environment.json has another form than this program writes: {}", error.what())}};
    }
    return section;
}

}  // namespace tare::sections
