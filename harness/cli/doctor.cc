// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/doctor.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/output.h"
#include "harness/cli/commands.h"
#include "probes/attach/kernel_support.h"

namespace tare::cli {

void add_doctor(CLI::App& app) {
    CLI::App* const command = add_command(app, "doctor", "What this machine can measure, and how to mend what it cannot");
    command->callback([] {
        Output output("");
        const std::vector<Finding> findings = diagnose();
        std::string text;
        for (const Finding& finding : findings)
            text += fmt::format("{:7} {:32} {}\n", finding.works ? "ok" : "absent", finding.subject, finding.detail);
        output.write(text);
        if (std::none_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.works; }))
            throw cannot_measure("nothing can be measured here");
        require_kernel();
    });
}

}  // namespace tare::cli
