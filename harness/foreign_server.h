// SPDX-License-Identifier: Apache-2.0
// A server that is not ours, as a suite describes it: how to start it, and how to ask it for its version.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tare {

struct ForeignServer {
    std::vector<std::string> argv;     // executed as it is, without a shell; `{port}` stands for the port
    std::vector<std::string> version;  // a command that prints the version; empty for none
};

// The command with `{port}` filled in.
std::vector<std::string> command_line(const ForeignServer& server, std::uint16_t port);

// A port on 127.0.0.1 that nobody listens on at this moment. Throws run_failed when there is none.
std::uint16_t free_port();

// The first line that the version command prints, or why there is none: "absent:" and the reason.
std::string version_of(const ForeignServer& server);

}  // namespace tare
