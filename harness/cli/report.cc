// SPDX-License-Identifier: Apache-2.0
#include "analysis/case_study/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/cli/commands.h"
#include "harness/cli/option_table.h"
#include "harness/cli/page.h"

namespace tare::cli {

void add_report(CLI::App& app) {
    const auto folder = std::make_shared<std::string>("results/latest");
    CLI::App* const command = add_command(
        app, "report",
        {"Write a run's report.md, details/, report.json, figures and report.html; prints the path of report.md last",
         "Verifies the run's checksums, removes what an earlier report left, and writes all of it anew. What was measured "
         "is never changed. Without the packages python3-matplotlib and python3-jinja2 there are neither figures nor "
         "report.html, and a line says so.",
         {{"tare report", "of the newest run, results/latest"}, {"tare report results/reference", "of another one"}}});
    command->add_option("DIR", *folder, "a run's folder")->type_name(value::run)->capture_default_str();
    command->callback([folder] {
        Output output("");
        const std::filesystem::path run(*folder);
        const nlohmann::json pieces = write_report(run, case_study::report_of);
        for (const std::string& reason : write_page(run, pieces)) say(fmt::format("tare: {}\n", reason));
        if (std::filesystem::exists(run / "report.html")) remark(fmt::format("{}\n", (run / "report.html").string()));
        output.write((run / "report.md").string() + "\n");
    });
}

}  // namespace tare::cli
