// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "analysis/case_study/report.h"
#include "analysis/claims/formats/formats.h"
#include "analysis/claims/write.h"
#include "analysis/compare/intact_run.h"
#include "core/error.h"
#include "core/output.h"
#include "harness/cli/commands.h"
#include "harness/cli/format_options.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string run = "results/latest";
    std::string claims;
    std::string written;
    FormatArguments formats;
};

// The file that is named, else the one that the run's suite named, else those of the case study that the suite is of.
ClaimsFile claims_of(const Arguments& arguments, const Run& run) {
    if (!arguments.claims.empty()) return load_claims(arguments.claims);
    if (std::filesystem::exists(run.folder / claims_name)) return load_claims(run.folder / claims_name);
    if (case_study::is_of_case_study(run)) return case_study::reference_claims();
    throw usage_error(run.folder.string() +
                      ": its suite names no claims; give some with --claims FILE, or make a first file with "
                      "--write FILE");
}

void write_first_file(const Arguments& arguments) {
    if (std::filesystem::is_regular_file(arguments.written))
        throw usage_error("--write " + arguments.written +
                          ": is there, and may have been edited; name another file, or remove it");
    Output output(arguments.written, "--write");
    output.write(claims_from_run(compare::open_intact_run(arguments.run)));
}

void check(const Arguments& arguments) {
    std::vector<OpenForm> forms = open_forms(arguments.formats, names_of(claims::formats));
    const Run run = compare::open_intact_run(arguments.run);
    const Check check = check_run(run, claims_of(arguments, run));
    std::vector<std::pair<Output*, std::string>> texts;
    texts.reserve(forms.size());
    for (OpenForm& form : forms)
        texts.emplace_back(&form.output,
                           form.colour ? claims::text_format(check, true) : claims::formats.at(form.format).write(check));
    write_each(texts);
    if (check.code() != ExitCode::ok)
        throw Error(check.code(), fmt::format("{} against {}: {}", arguments.run, check.claims->name, to_string(check.headline)));
}

}  // namespace

void add_check(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command =
        add_command(app, "check",
                    {"Hold a run against written claims; exit code 1 when one is disproved",
                     "Judges each claim of a TOML file by what the run counted: confirmed, disproved, or not judged with the "
                     "reason. Exit code 4 "
                     "says that a claim which must be judged could not be.",
                     {{"tare check", "the newest run, by the claims that its suite names"},
                      {"tare check --write claims.toml results/latest", "a first file of claims, to be edited"},
                      {"tare check --claims claims.toml --format junit=claims.xml", "the verdicts also as a file for CI"}}});
    command->add_option("RUN", arguments->run, "a run's folder")->type_name(value::run)->capture_default_str();
    command
        ->add_option("--claims", arguments->claims,
                     "TOML file of claims (docs/claims.md); by default the one that the run's suite names")
        ->type_name(value::file);
    auto* const written = command->add_option("--write", arguments->written, "write a first file of claims from RUN, and stop")
                              ->type_name(value::file);
    written->excludes(command->get_option("--claims"));
    add_format_options(*command, arguments->formats, names_of(claims::formats));
    command->callback([arguments] { arguments->written.empty() ? check(*arguments) : write_first_file(*arguments); });
}

}  // namespace tare::cli
