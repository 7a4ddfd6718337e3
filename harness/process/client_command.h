// SPDX-License-Identifier: Apache-2.0
// The user's client: a command that runs beside the window and ends with tare. It is not counted.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tare {

class ClientCommand {
public:
    // Starts it with its standard output on `output`. Throws run_failed when it cannot be executed.
    ClientCommand(const std::vector<std::string>& arguments, int output);
    ClientCommand(const ClientCommand&) = delete;
    ClientCommand& operator=(const ClientCommand&) = delete;
    // Ends it if it still runs: SIGTERM, and SIGKILL after two seconds.
    ~ClientCommand();

    // Its wait status once it has ended.
    std::optional<int> status();

private:
    pid_t pid_ = -1;
    std::optional<int> status_;
};

}  // namespace tare
