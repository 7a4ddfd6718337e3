// SPDX-License-Identifier: Apache-2.0
// `tare generate`, which help does not show: what packages install beside the program, written from its own tables.
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>

#include "core/error.h"
#include "core/output.h"
#include "harness/cli/commands.h"
#include "harness/cli/generate/completion.h"
#include "harness/cli/generate/man_page.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string folder;
    std::string shell;
    std::string output;
};

// Today, or the day that a reproducible build names.
std::string date_of_pages() {
    const char* const epoch = std::getenv("SOURCE_DATE_EPOCH");
    const std::time_t time = epoch != nullptr && *epoch != '\0' ? std::strtoll(epoch, nullptr, 10) : std::time(nullptr);
    const std::tm day = fmt::gmtime(time);
    return fmt::format("{:%B} {}, {:%Y}", day, day.tm_mday, day);
}

void write_man_pages(const CLI::App& program, const std::string& folder) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) throw usage_error(folder + ": " + error.message());
    for (const ManPage& page : man_pages(program, date_of_pages()))
        Output((std::filesystem::path(folder) / page.file).string(), "DIR").write(page.text);
}

std::string completion(const CLI::App& program, const std::string& shell) {
    if (shell == "bash") return bash_completion(program);
    return shell == "zsh" ? zsh_completion(program) : fish_completion(program);
}

}  // namespace

void add_generate(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const generate = add_command(app, "generate", "Manual pages and completion scripts");
    generate->group("")->require_subcommand(1);
    CLI::App* const man = add_command(*generate, "man", "write tare.1 and a page for each command");
    man->add_option("DIR", arguments->folder, "folder for the pages; made where it is missing")
        ->type_name(value::folder)
        ->required();
    man->callback([arguments, &app] { write_man_pages(app, arguments->folder); });
    CLI::App* const script = add_command(*generate, "completion", "print a shell's completion script");
    takes_one_of(script->add_option("SHELL", arguments->shell, "the shell"), {"bash", "zsh", "fish"})->required();
    script->add_option("-o,--output", arguments->output, "file for what would go to stdout")->type_name(value::file);
    script->callback([arguments, &app] { Output(arguments->output).write(completion(app, arguments->shell)); });
}

}  // namespace tare::cli
