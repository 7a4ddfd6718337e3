// SPDX-License-Identifier: Apache-2.0
// What stands before the first section.
#include <fmt/format.h>

#include <algorithm>

#include "analysis/model/idle_activity.h"
#include "analysis/report/sections/sections.h"
#include "analysis/report/sections/servers.h"
#include "analysis/report/suite_name.h"

namespace tare::sections {
namespace {

constexpr std::size_t named_max = 4;  // servers in a title

// "memcached, redis and nginx".
Text listed(const std::vector<Text>& names) {
    if (names.size() < 2) return joined(names, "");
    return text_of(joined({names.begin(), names.end() - 1}, ", "), " and ", names.back());
}

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

// "asked for" of servers, "run" of commands, which are asked nothing.
struct Asked {
    std::vector<std::string> operations;
    bool commands = false;
    std::vector<std::string> variants;  // of the reference servers
    bool lockstep = false;
    bool load = false;
};

Asked asked_of(const Findings& findings) {
    Asked asked;
    const auto add = [&](const CellKey& cell) {
        if (is_idle_activity(cell)) return;
        add_once(asked.operations, cell.op);
        if (cell.build != Build::external) add_once(asked.variants, to_string(cell.variant));
    };
    for (const CellKey& cell : findings.measured.cells()) add(cell);
    for (const CellKey& cell : findings.load.cells()) add(cell);
    for (const Observation& seen : findings.run.observations) asked.commands = asked.commands || seen.cell.kind == Kind::command;
    for (const ContrastFinding& finding : findings.contrasts) {
        if (finding.asked.present()) add_once(asked.operations, finding.asked.value().op);
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            if (is_reference_server(subject)) add_once(asked.variants, subject.name);
        }
    }
    asked.lockstep = !findings.measured.cells().empty();
    asked.load = !findings.load.cells().empty() || !findings.contrasts.empty();
    return asked;
}

Text servers_text(const Findings& findings, const Asked& asked) {
    std::vector<Text> servers;
    for (const std::string& name : external_servers(findings)) {
        const Measured<std::string> version = version_of(findings.run, name);
        servers.push_back(version.present() ? text_of(code(name), " (", version.value(), ")") : Text(code(name)));
    }
    if (asked.variants.size() == 1)
        servers.emplace_back(code(asked.variants.front()));
    else if (!asked.variants.empty())
        servers.emplace_back(fmt::format("{} variants of the reference servers", asked.variants.size()));
    return listed(servers);
}

}  // namespace

std::vector<std::string> warnings_of(const Findings& findings) {
    return findings.run.environment.value("warnings", std::vector<std::string>{});
}

std::string title_of(const Findings& findings) {
    const std::vector<std::string> servers = external_servers(findings);
    const Asked asked = asked_of(findings);
    const bool only_commands = asked.commands && asked.operations.empty();
    if (servers.empty()) return "What the reference servers add to a request";
    const std::string names = servers.size() > named_max
                                  ? fmt::format("{} {}", servers.size(), only_commands ? "commands" : "servers")
                                  : listed({servers.begin(), servers.end()}).plain();
    const char* const ending = servers.size() == 1 ? "s" : "";
    return only_commands ? fmt::format("What {} cost{}", names, ending)
                         : fmt::format("What {} add{} to a request", names, ending);
}

Blocks lead(const Findings& findings) {
    const Run& run = findings.run;
    const Asked asked = asked_of(findings);
    const std::string suite = suite_name(run);
    std::vector<Text> operations;
    for (const std::string& operation : asked.operations) operations.emplace_back(code(operation));
    Text whole =
        text_of("Run ", code(run.id), ", ", run.environment.value("started_at", "time unknown"), ". ",
                suite.empty() ? Text("Measured: ") : text_of("Suite ", code(suite), operations.empty() ? " ran " : " asked "));
    whole += servers_text(findings, asked);
    if (!operations.empty()) whole += text_of(" for ", listed(operations));
    whole += operations.empty()             ? "."
             : asked.lockstep && asked.load ? ", one request at a time and under load."
             : asked.load                   ? ", under load."
                                            : ", one request at a time.";
    Blocks blocks{Paragraph{whole}};
    document::Warnings shown;
    const std::vector<std::string> warnings = warnings_of(findings);
    for (std::size_t place = 0; place < std::min(warnings.size(), lead_warnings_max); ++place)
        shown.items.emplace_back(warnings[place]);
    if (warnings.size() > lead_warnings_max)
        shown.items.emplace_back(fmt::format("{} more, in the details of Environment", warnings.size() - lead_warnings_max));
    if (!shown.items.empty()) blocks.emplace_back(shown);
    return blocks;
}

}  // namespace tare::sections
