// SPDX-License-Identifier: Apache-2.0
// A suite is a TOML file: tables [[cells]] whose keys are the columns of observations.csv, each with one value or a
// list; every combination is a cell. `include` names built-in suites whose cells are part of it. [server.NAME] describes a
// server that is not ours, which cells then name as their variant. [counter.NAME] names functions that are counted as well.
// [[contrast]] holds some servers against the first of them, under load.
#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/bench/cell.h"
#include "harness/bench/command_subject.h"
#include "harness/bench/contrast.h"
#include "harness/bench/external_client.h"
#include "harness/bench/external_server.h"
#include "harness/bench/reference_servers.h"
#include "probes/counters/user_counter.h"

namespace tare {

struct Suite {
    std::string name;
    std::string description;
    std::string sha256;  // of the file's text, and of what it includes
    std::vector<Cell> cells = {};
    std::vector<Contrast> contrasts = {};                 // each of another name
    std::map<std::string, ExternalServer> servers = {};   // those that are not ours, by name
    std::map<std::string, ExternalClient> clients = {};   // programs that make the requests, by name
    std::map<std::string, CommandSubject> commands = {};  // programs that are run from start to end, by name
    std::string case_study = {};                          // whose sections its report has; empty for none
    bool calibrates = false;                              // whether a run also measures what single events cost here
    std::vector<UserCounter> counters = {};               // of every server in lockstep
    std::string claims = {};                              // the text of the file that its `claims` names; empty for none
    std::string claims_path = {};
    std::chrono::milliseconds timeout = client_wait_max;  // how long a client waits for anything from an external server
};

// A suite that is built into this program, in harness/bench/suites/.
struct BuiltInSuite {
    std::string_view name;
    std::string_view text;
};
std::span<const BuiltInSuite> built_in_suites();
// Its first key, which no server need be there for.
std::string description_of(const BuiltInSuite& suite);

// Reads a suite's text; it may name these variants, or patterns of them. Throws usage_error with `where`, the line and what is
// allowed, for an unknown key or value.
Suite parse_suite(std::string_view text, const std::string& name, const std::string& where, const VariantNames& variants);

// `name_or_path`: a built-in suite, or a file. Throws usage_error that lists what there is.
Suite load_suite(const std::string& name_or_path, const VariantNames& variants);

// A suite of one command, named after its program. Throws usage_error when that is no name.
Suite suite_of_command(const std::vector<std::string>& words);

// Whether a suite's file has servers or commands of a folder that it does not name, `{root}`; a built-in suite has none. Throws
// usage_error, also for what is neither.
bool has_rooted_subjects(const std::string& name_or_path);

}  // namespace tare
