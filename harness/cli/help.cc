// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "core/error.h"
#include "core/output.h"
#include "harness/cli/commands.h"
#include "harness/cli/option_table.h"

namespace tare::cli {

void add_help(CLI::App& app) {
    const auto topic = std::make_shared<std::vector<std::string>>();
    CLI::App* const command =
        add_command(app, "help",
                    {"What a command does, with its options",
                     "Prints what COMMAND --help prints; the manual pages, tare(1) and tare-COMMAND(1), say more.",
                     {{"tare help load", "options of tare load"}, {"tare help list cases", "of a command's command"}}});
    command->add_option("COMMAND", *topic, "the command; without one, all of them")->type_name(value::help_topic);
    command->callback([topic, &app] {
        CLI::App* about = &app;
        for (const std::string& name : *topic) {
            CLI::App* const next = command_named(*about, name);
            if (next == nullptr) throw usage_error(no_command(*about, name));
            about = next;
        }
        write_stdout(help_of(*about));
    });
}

}  // namespace tare::cli
