// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/server_timer.h"

#include <fmt/format.h>

#include <array>

#include "core/error.h"
#include "harness/bench/server_counters.h"

namespace tare {

ServerTimer::ServerTimer(const CellServer& server, const Cell& cell) : root_(server.process().pid()) {
    if (cell.external()) {
        try {
            tree_ = std::make_unique<ProcessTree>(std::array{root_}, ProcessTree::Keeps::time);
            instruments_.emplace(Target(root_, *tree_), nullptr, timed_probes);
            return;
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            not_followed_ = error.what();
        }
    }
    instruments_.emplace(Target(root_), nullptr, timed_probes);
}

Snapshot ServerTimer::read() {
    Snapshot seen = instruments_->read().at(Source::rusage);
    if (not_followed_.empty()) return seen;
    // Workers may come after the first request.
    const std::size_t processes = processes_of(root_).size();
    if (processes <= 1) return seen;
    return seen.without_readings(
        fmt::format("the server has {} processes, which cannot be followed: {}", processes, not_followed_));
}

}  // namespace tare
