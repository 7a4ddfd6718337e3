// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command.h"

#include <fmt/format.h>

#include <memory>

#include "core/nearest_name.h"
#include "harness/cli/help_format.h"
#include "harness/cli/presentation.h"

namespace tare::cli {
namespace {

class Command : public CLI::App {
public:
    Command(const std::string& name, CommandText text, const std::shared_ptr<CLI::FormatterBase>& format)
        : CLI::App(text.summary, name), text_(std::move(text)) {
        set_help_flag("-h,--help", "print this and exit");
        formatter(format);
        add_presentation_options(*this);
    }

    const CommandText& text() const { return text_; }

private:
    CommandText text_;
};

}  // namespace

std::unique_ptr<CLI::App> make_program(const std::string& name, const CommandText& text) {
    return std::make_unique<Command>(name, text, std::make_shared<HelpFormat>());
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const CommandText& text) {
    CLI::App* const command = parent.add_subcommand(std::make_shared<Command>(name, text, parent.get_formatter()));
    command->group("Commands");
    return command;
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary) {
    return add_command(parent, name, CommandText{summary, "", {}});
}

const CommandText& text_of(const CLI::App& command) { return dynamic_cast<const Command&>(command).text(); }

std::string full_name(const CLI::App& command) {
    const CLI::App* const parent = command.get_parent();
    return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::string help_of(const CLI::App& command) {
    return command.get_formatter()->make_help(&command, full_name(command), CLI::AppFormatMode::Normal);
}

std::vector<const CLI::App*> shown_commands(const CLI::App& parent) {
    return parent.get_subcommands([](const CLI::App* each) { return !each->get_group().empty(); });
}

CLI::App* command_named(CLI::App& parent, const std::string& name) {
    const auto found = parent.get_subcommands([&name](CLI::App* each) { return each->check_name(name); });
    return found.empty() ? nullptr : found.front();
}

std::string no_command(const CLI::App& parent, const std::string& name) {
    std::vector<std::string> names;
    for (const CLI::App* const each : shown_commands(parent)) names.push_back(each->get_name());
    std::string all;
    for (const std::string& each : names) all += " " + each;
    return fmt::format("'{}' is no command of {}{}\nthere are:{}", name, full_name(parent), did_you_mean(name, names), all);
}

}  // namespace tare::cli
