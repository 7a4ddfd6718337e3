// SPDX-License-Identifier: Apache-2.0
// A command as a suite describes it: what is executed, in which setting, and how often it is counted and timed.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/process/command_setting.h"

namespace tare {

// In argv, and in the setting's folder, variables and input, `{root}` stands for `root`.
struct CommandSubject {
    std::vector<std::string> argv;  // executed as it is, without a shell
    CommandSetting setting;
    int exit_code = 0;                       // what it ends with when all is well
    std::uint64_t runs = 2;                  // in which everything is counted
    std::uint64_t repetitions = 10;          // in which it is timed, and nothing is counted by a probe
    bool call_sites = false;                 // whether its last counted run is counted by call site as well
    std::vector<std::string> wrappers = {};  // functions that are no call site
    std::string root = {};
};

// Whether `{root}` stands anywhere in it.
bool needs_root(const CommandSubject& command);

// Says which folder `{root}` is. Throws usage_error when a command needs one and `root` is empty, or is no folder.
void give_root(std::map<std::string, CommandSubject>& commands, const std::string& root);

// With `{root}` filled in.
std::vector<std::string> command_line(const CommandSubject& command);
CommandSetting setting_of(const CommandSubject& command);

}  // namespace tare
