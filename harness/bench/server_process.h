// SPDX-License-Identifier: Apache-2.0
// A server under test: started on its core, ready when it says so, or when it accepts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/error.h"
#include "harness/load/endpoint.h"
#include "harness/process/orphan_reaper.h"
#include "harness/process/subprocess.h"

namespace tare {

class ServerProcess {
public:
    // `arguments` starts a program that prints `ready port=N …` when it accepts. Throws run_failed with its last lines
    // when it does not within ten seconds, cannot_measure when it says by its exit code that this machine cannot run it.
    ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu);
    // The same for a program that says nothing: it is ready when it accepts a connection at `endpoint`, or has bound its UDP
    // port. What it leaves behind is ended with it. Throws run_failed with its last lines when it is not ready within ten seconds
    // or leaves the foreground, cannot_measure when there is no such program.
    ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu, const Endpoint& endpoint);

    std::uint16_t port() const { return endpoint_.port; }
    const Endpoint& endpoint() const { return endpoint_; }
    // Whether it awaits requests without sleeping.
    bool spins() const { return spins_; }
    pid_t pid() const { return process_.pid(); }

    // How the server ended and what it said last, for an error that its end may have caused; empty while it runs.
    std::string exit_report();

private:
    // For a server that ended before it was ready.
    Error early_end(const std::vector<std::string>& arguments);

    std::optional<OrphanReaper> orphans_;  // before the process: goes after it
    Subprocess process_;
    Endpoint endpoint_;
    bool spins_ = false;
    std::string last_errors_;
};

// What `work` returns; or its failure, with `where` in front and behind it what the server said when it ended, if there is one
// and it did.
template <class Work>
auto with_exit_report(const std::string& where, ServerProcess* server, const Work& work) {
    try {
        return work();
    } catch (const Error& error) {
        if (error.code() != ExitCode::run_failed) throw;
        const std::string end = server == nullptr ? "" : server->exit_report();
        throw run_failed(where + error.what() + (end.empty() ? "" : "; " + end));
    }
}

}  // namespace tare
