// SPDX-License-Identifier: Apache-2.0
#include "analysis/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "harness/cli/commands.h"

namespace tare::cli {

void add_report(CLI::App& app) {
    const auto folder = std::make_shared<std::string>("results/latest");
    CLI::App* const command = app.add_subcommand("report", "Write a run's report.md; prints its path last");
    command->add_option("DIR", *folder, "a run's folder")->capture_default_str();
    command->callback([folder] {
        write_report(*folder);
        fmt::print("{}\n", (std::filesystem::path(*folder) / "report.md").string());
    });
}

}  // namespace tare::cli
