// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "analysis/model/idle_activity.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

namespace {

// Whether a reference server was measured, which the settings are of.
bool has_reference_server(const Findings& findings) {
    const auto is_ours = [](const CellKey& cell) { return cell.build != Build::external; };
    const std::vector<CellKey>& lockstep = findings.measured.cells();
    const std::vector<CellKey>& load = findings.load.cells();
    return std::any_of(lockstep.begin(), lockstep.end(), is_ours) || std::any_of(load.begin(), load.end(), is_ours);
}

}  // namespace

std::string sizes_of(const CellKey& cell) {
    return fmt::format("a key of {} bytes and a value of {}", cell.key_bytes, cell.value_bytes);
}

Section assumptions(const Findings& findings) {
    std::set<std::uint64_t> keys, values, requests;
    std::set<std::string_view> builds;
    for (const CellKey& cell : findings.measured.cells()) {
        if (is_idle_activity(cell)) continue;
        keys.insert(cell.key_bytes);
        values.insert(cell.value_bytes);
        builds.insert(name_of(cell.build));
        requests.insert(findings.measured.requests_of(cell));
    }
    const nlohmann::json settings = findings.run.environment.value("server_settings", nlohmann::json::object());
    List list;
    std::vector<Text> of_ours;
    for (const auto& [name, value] : settings.items()) of_ours.push_back(text_of(code(name), " ", value.dump()));
    if (has_reference_server(findings) && !of_ours.empty())
        list.items.push_back(text_of("Reference servers: ", joined(of_ours, ", ")));
    if (!keys.empty()) {
        list.items.emplace_back(fmt::format("Key: {} bytes; value: {} bytes", fmt::join(keys, ", "), fmt::join(values, ", ")));
        list.items.emplace_back(fmt::format(
            "Small value: the smallest of one byte or more below {} bytes, asked one request at a time", small_value_bytes));
        list.items.emplace_back(
            "Single-key operations, in lockstep: one connection, one request in flight, the next when the server sleeps");
        list.items.emplace_back(fmt::format("Windows of {} requests and of twice as many; builds: {}", fmt::join(requests, ", "),
                                            fmt::join(builds, ", ")));
    }
    Section section{"assumptions", "Assumptions"};
    if (!list.items.empty()) section.summary.emplace_back(list);
    return section;
}

}  // namespace tare::sections
