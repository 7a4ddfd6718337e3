// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/command_subject.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::string_view root_mark = "{root}";

std::string filled(std::string text, const std::string& root) {
    for (std::size_t at = text.find(root_mark); at != std::string::npos; at = text.find(root_mark, at + root.size()))
        text.replace(at, root_mark.size(), root);
    return text;
}

std::vector<std::string> filled(std::vector<std::string> texts, const std::string& root) {
    for (std::string& text : texts) text = filled(std::move(text), root);
    return texts;
}

}  // namespace

bool needs_root(const CommandSubject& command) {
    std::vector<std::string> texts = command.argv;
    texts.insert(texts.end(), command.setting.variables.begin(), command.setting.variables.end());
    texts.insert(texts.end(), {command.setting.folder, command.setting.input});
    return std::any_of(texts.begin(), texts.end(),
                       [](const std::string& text) { return text.find(root_mark) != std::string::npos; });
}

void give_root(std::map<std::string, CommandSubject>& commands, const std::string& root) {
    if (!root.empty() && !std::filesystem::is_directory(root)) throw usage_error(root + ": no such folder");
    for (auto& [name, command] : commands) {
        if (root.empty() && needs_root(command))
            throw usage_error("command '" + name + "' is started from {root}: say which folder that is with --root DIR");
        command.root = root.empty() ? "" : std::filesystem::canonical(root).string();
    }
}

std::vector<std::string> command_line(const CommandSubject& command) { return filled(command.argv, command.root); }

CommandSetting setting_of(const CommandSubject& command) {
    return {filled(command.setting.folder, command.root), filled(command.setting.variables, command.root),
            filled(command.setting.input, command.root)};
}

}  // namespace tare
