// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "core/error.h"
#include "core/output.h"
#include "harness/bench/confinement.h"
#include "harness/cli/commands.h"
#include "harness/cli/option_table.h"
#include "harness/cli/presentation.h"
#include "probes/attach/kernel_support.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string format = "text";
    bool fix_hints = false;
};

std::string state_of(const Finding& finding, bool colour) {
    const std::string word = fmt::format("{:7}", finding.works ? "ok" : "absent");
    return colour ? fmt::format("\033[{}m{}\033[0m", finding.works ? 32 : 31, word) : word;
}

std::string as_text(const std::vector<Finding>& findings, bool colour) {
    std::string text = fmt::format("{:7} {:32} {}\n", "state", "subject", "what was found");
    std::string remedies;
    for (const Finding& finding : findings) {
        text += fmt::format("{} {:32} {}\n", state_of(finding, colour), finding.subject, finding.detail);
        if (!finding.works && !finding.remedy.sentence.empty())
            remedies += fmt::format("  {:32} {}\n", finding.subject, finding.remedy.sentence);
    }
    if (!remedies.empty()) text += "\nto mend what is absent (--fix-hints prints commands):\n" + remedies;
    return text;
}

// For a shell; whoever reads it decides what to run.
std::string hints(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) {
        if (finding.works) continue;
        text += fmt::format("# {}: {}\n", finding.subject, finding.remedy.sentence);
        for (const std::string& command : finding.remedy.commands) text += command + "\n";
    }
    return text.empty() ? "# nothing is absent\n" : text;
}

std::string as_json(const std::vector<Finding>& findings) {
    nlohmann::json rows = nlohmann::json::array();
    for (const Finding& finding : findings) {
        nlohmann::json row{{"subject", finding.subject}, {"state", finding.works ? "ok" : "absent"}, {"detail", finding.detail}};
        if (!finding.works) row["remedy"] = {{"sentence", finding.remedy.sentence}, {"commands", finding.remedy.commands}};
        rows.push_back(row);
    }
    return nlohmann::json{{"container", is_in_container()}, {"findings", rows}}.dump(2) + "\n";
}

// Of what measures, whatever confines it.
bool anything_measures(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.works && finding.subject.starts_with("probe "); });
}

void diagnose_here(const Arguments& arguments) {
    Output output("");
    const std::vector<Finding> findings = diagnose();
    output.write(arguments.fix_hints          ? hints(findings)
                 : arguments.format == "json" ? as_json(findings)
                                              : as_text(findings, colour_wanted()));
    if (!anything_measures(findings)) throw cannot_measure("nothing can be measured here");
    require_kernel();
}

}  // namespace

void add_doctor(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "doctor",
        {"What this machine can measure, and how to mend what it cannot",
         "Finds out by trying: the kernel, what confines this process (capabilities, seccomp, /sys, type information, perf "
         "events), "
         "the reference servers with each io_uring wiring, and every probe. What is absent has one remedy a line. Nothing is "
         "changed, and no command is run.",
         {{"tare doctor", "the table"},
          {"tare doctor --fix-hints", "the commands that would mend what is absent, for you to run"},
          {"tare doctor --format json", "for a program to read"}}});
    CLI::Option* const format =
        takes_one_of(command->add_option("--format", arguments->format, "of what is printed"), {"text", "json"})
            ->capture_default_str();
    command->add_flag("--fix-hints", arguments->fix_hints, "print commands for what is absent, and run none of them")
        ->excludes(format);
    command->callback([arguments] { diagnose_here(*arguments); });
}

}  // namespace tare::cli
