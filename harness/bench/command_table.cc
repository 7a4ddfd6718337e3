// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/command_table.h"

#include <fmt/format.h>

#include <array>

#include "harness/bench/subject_name.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 9> command_keys{"argv", "cwd",         "env",        "stdin",   "exit_code",
                                                       "runs", "repetitions", "call_sites", "wrappers"};
constexpr std::uint64_t runs_max = 1000;
constexpr std::uint64_t exit_code_max = 255;

std::vector<std::string> variables_of(const ConfigTable& environment) {
    std::vector<std::string> variables;
    for (const std::string& name : environment.keys()) variables.push_back(name + "=" + environment.text(name));
    return variables;
}

CommandSubject command_from(const ConfigTable& table) {
    table.allow(command_keys);
    CommandSubject command;
    command.argv = table.texts("argv");
    if (table.has("cwd")) command.setting.folder = table.text("cwd");
    if (const auto environment = table.table("env")) command.setting.variables = variables_of(*environment);
    if (table.has("stdin")) command.setting.input = table.text("stdin");
    if (table.has("exit_code")) command.exit_code = static_cast<int>(table.count("exit_code", 0, exit_code_max));
    if (table.has("runs")) command.runs = table.count("runs", 1, runs_max);
    if (table.has("repetitions")) command.repetitions = table.count("repetitions", 0, runs_max);
    command.call_sites = table.has("call_sites") && table.flag("call_sites");
    if (table.has("wrappers") && !command.call_sites) throw table.wrong("wrappers", "wrappers need `call_sites = true`");
    if (table.has("wrappers")) command.wrappers = table.texts("wrappers");
    return command;
}

}  // namespace

void add_command(Suite& suite, const std::string& name, const CommandSubject& command) {
    if (!is_subject_name(name))
        throw usage_error(fmt::format("'{}' is no name for a command: letters, digits and _ - . +", name));
    if (suite.servers.contains(name) || suite.commands.contains(name))
        throw usage_error(fmt::format("there is a server or command '{}' already", name));
    suite.commands.emplace(name, command);
    Cell cell;
    cell.key.variant = {name, "", ""};
    cell.key.build = Build::external;
    cell.key.kind = Kind::command;
    cell.key.connections = 0;
    cell.key.pipeline = 0;
    cell.key.mode = Mode::lockstep;
    cell.command = CommandRuns{false, command.runs};
    suite.cells.push_back(cell);
    if (command.repetitions == 0) return;
    cell.key.mode = Mode::load;
    cell.command = CommandRuns{true, command.repetitions};
    suite.cells.push_back(cell);
}

void add_commands(Suite& suite, const ConfigTable& commands) {
    for (const std::string& name : commands.keys()) {
        const ConfigTable table = *commands.table(name);
        const CommandSubject command = command_from(table);
        try {
            add_command(suite, name, command);
        } catch (const Error& error) {
            throw table.wrong(error.what());
        }
    }
}

}  // namespace tare
