// SPDX-License-Identifier: Apache-2.0
// A suite is a TOML file: tables [[cells]] whose keys are the columns of observations.csv, each with one value or a
// list; every combination is a cell. `include` names built-in suites whose cells are part of it. [server.NAME] describes a
// server that is not ours, which cells then name as their variant.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/bench/external_server.h"
#include "harness/bench/reference_servers.h"

namespace tare {

struct Suite {
    std::string name;
    std::string description;
    std::string sha256;  // of the file's text, and of what it includes
    std::vector<Cell> cells;
    std::map<std::string, ExternalServer> servers;  // those that are not ours, by name
    std::string case_study;                         // whose sections its report has; empty for none
    bool calibrates = false;                        // whether a run also measures what single events cost here
};

// A suite that is built into this program, in harness/bench/suites/.
struct BuiltInSuite {
    std::string_view name;
    std::string_view text;
};
std::span<const BuiltInSuite> built_in_suites();

// Reads a suite's text; it may name these variants, or patterns of them. Throws usage_error with `where`, the line and what is
// allowed, for an unknown key or value.
Suite parse_suite(std::string_view text, const std::string& name, const std::string& where, const VariantNames& variants);

// `name_or_path`: a built-in suite, or a file. Throws usage_error that lists what there is.
Suite load_suite(const std::string& name_or_path, const VariantNames& variants);

// Only the servers that a suite's file describes; none for a built-in suite. Throws usage_error, also for what is neither.
std::map<std::string, ExternalServer> servers_of_suite(const std::string& name_or_path);

}  // namespace tare
