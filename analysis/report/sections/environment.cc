// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "core/median.h"

namespace tare::sections {
namespace {

using nlohmann::json;

std::string shown(const json& value) { return markdown::escaped(value.is_string() ? value.get<std::string>() : value.dump()); }

std::string fields(const json& environment) {
    std::string text;
    for (const char* const group : {"machine", "build", "libraries", "tare", "pinning"}) {
        const json members = environment.value(group, json::object());
        for (const auto& [name, value] : members.items()) {
            if (!value.is_object()) text += fmt::format("- {} {}: {}\n", group, markdown::escaped(name), shown(value));
        }
    }
    return text + "\n";
}

std::string median_and_range(const std::vector<double>& numbers) {
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    return fmt::format("{:.0f} ({:.0f} to {:.0f})", median(numbers), *least, *most);
}

std::string costs(const json& environment) {
    std::vector<std::vector<std::string>> lines;
    for (const json& row : environment.value("probe_cost", json::array())) {
        const std::vector<double> without = row.value("without_ns", std::vector<double>{});
        const std::vector<double> with = row.value("with_ns", std::vector<double>{});
        std::vector<std::string> line{markdown::code(row.value("name", "")), markdown::escaped(row.value("event", ""))};
        if (without.empty() || without.size() != with.size()) {
            const std::string reason = markdown::escaped(row.value("status", "absent: not measured"));
            line.insert(line.end(), {reason, reason, reason});
        } else {
            std::vector<double> added;
            for (std::size_t index = 0; index < with.size(); ++index) added.push_back(with[index] - without[index]);
            line.insert(line.end(), {median_and_range(without), median_and_range(with), median_and_range(added)});
        }
        lines.push_back(line);
    }
    return "Probe cost, timed in windows of their own, never while a server was counted; nanoseconds for one event, median and "
           "range:\n\n" +
           markdown::table({"Probe", "Event", "Without", "With", "Added"}, lines);
}

std::string statuses(const json& environment) {
    std::vector<std::vector<std::string>> lines;
    for (const json& row : environment.value("probes", json::array()))
        lines.push_back({markdown::code(row.value("name", "")), markdown::escaped(row.value("source", "")),
                         markdown::escaped(row.value("status", ""))});
    return markdown::table({"Probe", "Source", "Status"}, lines);
}

}  // namespace

std::string environment(const Findings& findings) {
    const json& environment = findings.run.environment;
    try {
        return "## Environment\n\n" + fields(environment) + costs(environment) + statuses(environment);
    } catch (const json::exception& error) {
        return fmt::format("environment.json has another form than this program writes: {}\n\n", markdown::escaped(error.what()));
    }
}

}  // namespace tare::sections
