// SPDX-License-Identifier: Apache-2.0
// A counter that a user names: calls of functions of the program or its libraries, or of a USDT probe.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "probes/attach/uprobes.h"
#include "probes/counters/probe.h"
#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

struct UserCounter {
    std::string name;                    // the metric; its parts are the functions
    std::vector<std::string> functions;  // as the sources write them (user_functions.h)
    std::string usdt;                    // "provider:name", in place of functions; empty for none
    friend bool operator==(const UserCounter&, const UserCounter&) = default;
};

// Why this is no counter, or cannot stand beside the `others`; empty when it can: its name is a metric, of small letters, digits
// and underscores, that no other has.
std::string fault_of(const UserCounter& counter, const std::vector<UserCounter>& others);

// From "NAME=FUNCTION[,FUNCTION…]" or "NAME=usdt:PROVIDER:NAME"; a comma between brackets parts no functions. Throws usage_error.
UserCounter parse_user_counter(std::string_view text, const std::vector<UserCounter>& others);

// What is counted, each a part: the functions, or the USDT probe.
std::vector<std::string> parts_of(const UserCounter& counter);

// Where a file has them, each under its place in parts_of(). Throws as user_function_entries does.
FileEntries entries_of(const UserCounter& counter, pid_t pid, const CodeFile& file);

// Counts in a process or, as it is shown their files, in a tree. A function that no file defines is an absent part; where that is
// so of all, the total is absent. Throws cannot_measure as other probes do.
std::unique_ptr<Probe> attach_user_counter(const UserCounter& counter, const Target& target, UprobeWay way = best_uprobe_way());
// Or stands in for it: the total is absent with the reason.
std::unique_ptr<Probe> attach_or_absent(const UserCounter& counter, const Target& target);

}  // namespace tare
