// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "analysis/model/idle_activity.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

std::string sizes_of(const CellKey& cell) {
    return fmt::format("a key of {} bytes and a value of {}", cell.key_bytes, cell.value_bytes);
}

std::string assumption_lines(const Findings& findings) {
    std::set<std::uint64_t> keys, values, requests;
    std::set<std::string> builds;
    for (const CellKey& cell : findings.measured.cells()) {
        if (is_idle_activity(cell)) continue;
        keys.insert(cell.key_bytes);
        values.insert(cell.value_bytes);
        builds.insert(cell.build);
        requests.insert(findings.measured.requests_of(cell));
    }
    const nlohmann::json settings = findings.run.environment.value("server_settings", nlohmann::json::object());
    std::string text = "## Assumptions\n\n";
    for (const auto& [name, value] : settings.items())
        text += fmt::format("- {}: {}\n", markdown::code(name), markdown::escaped(value.dump()));
    text += fmt::format("- Key: {} bytes; value: {} bytes\n", fmt::join(keys, ", "), fmt::join(values, ", "));
    text += fmt::format("- Small value: the smallest of one byte or more below {} bytes, asked one request at a time\n",
                        small_value_bytes);
    text += "- Single-key operations, in lockstep: one connection, one request in flight, the next when the server sleeps\n";
    text += fmt::format("- Windows of {} requests and of twice as many; builds: {}\n", fmt::join(requests, ", "),
                        fmt::join(builds, ", "));
    return text;
}

std::string assumptions(const Findings& findings) { return assumption_lines(findings) + "\n"; }

}  // namespace tare::sections
