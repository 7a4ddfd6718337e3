// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/sections/servers.h"

#include <algorithm>
#include <string_view>

#include "analysis/model/ideals.h"

namespace tare::sections {

std::vector<std::string> external_servers(const Findings& findings) {
    std::vector<std::string> names;
    const auto add_name = [&](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    const auto add = [&](const CellKey& cell) {
        if (cell.build == Build::external) add_name(to_string(cell.variant));
    };
    for (const CellKey& cell : findings.measured.cells()) add(cell);
    for (const CellKey& cell : findings.load.cells()) add(cell);
    for (const Observation& seen : findings.run.observations) {
        if (seen.cell.kind == Kind::command) add(seen.cell);
    }
    for (const ContrastFinding& finding : findings.contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            if (!is_reference_server(subject)) add_name(subject.name);
        }
    }
    return names;
}

bool is_reference_server(const ContrastSubject& subject) { return subject.name.find('/') != std::string::npos; }

bool is_landmark(const VariantName& variant) {
    return std::any_of(ideals().begin(), ideals().end(),
                       [&](const Ideal& ideal) { return variant == ideal.described || variant == ideal.ideal; });
}

Measured<std::string> version_of(const Run& run, const std::string& server) {
    constexpr std::string_view absent = "absent:";
    // Those that a comparison starts from a folder of its own have theirs elsewhere (results/README.md).
    for (const char* const place : {"/foreign_servers", "/subject/versions"}) {
        const nlohmann::json::json_pointer servers(place);
        if (!run.environment.contains(servers) || !run.environment.at(servers).contains(server)) continue;
        const nlohmann::json& noted = run.environment.at(servers).at(server);
        const bool is_object = noted.is_object() && noted.contains("version");
        if (!noted.is_string() && !is_object) continue;
        const auto version = (is_object ? noted.at("version") : noted).get<std::string>();
        if (version.starts_with(absent)) return Absent{version.substr(absent.size())};
        return version;
    }
    return Absent{"the run noted none"};
}

}  // namespace tare::sections
