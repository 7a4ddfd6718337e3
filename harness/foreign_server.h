// SPDX-License-Identifier: Apache-2.0
// A server that is not ours, as a suite describes it: how to start it, and how to ask it for its version.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tare {

struct ForeignServer {
    std::vector<std::string> argv;          // executed without a shell; `{port}` stands for the port, `{root}` for `root`
    std::vector<std::string> version;       // a command that prints the version; empty for none
    std::string root = {};                  // the folder of one build of the server
    std::vector<std::string> instead = {};  // executed in argv's place; empty for argv
};

// Whether it is a server of a folder that the suite does not name: `{root}` stands in its argv.
bool needs_root(const ForeignServer& server);

// Says which folder `{root}` is. Throws usage_error when a server needs one and `root` is empty, or is no folder.
void give_root(std::map<std::string, ForeignServer>& servers, const std::string& root);

// The command with `{port}` and `{root}` filled in.
std::vector<std::string> command_line(const ForeignServer& server, std::uint16_t port);

// A port on 127.0.0.1 that nobody listens on at this moment. Throws run_failed when there is none.
std::uint16_t free_port();

// The first line that the version command prints, or why there is none: "absent:" and the reason.
std::string version_of(const ForeignServer& server);

}  // namespace tare
