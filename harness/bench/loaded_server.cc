// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/loaded_server.h"

#include <thread>

#include "core/error.h"
#include "harness/load/lockstep.h"
#include "harness/process/interrupt.h"
#include "probes/sleep_watch.h"

namespace tare {
namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

}  // namespace

LoadPlan plan_of(const Cell& cell, const Pinning& pinning, std::uint64_t seed) {
    LoadPlan plan;
    plan.mix = {{cell.workload.operation, 1}};
    plan.key_bytes = cell.key.key_bytes;
    plan.key_count = is_null(cell) ? 1 : cell.load->key_count;
    plan.value_bytes = {cell.key.value_bytes};
    plan.popularity = cell.load->popularity;
    plan.connections = cell.key.connections;
    plan.pipeline = cell.key.pipeline;
    plan.cpus = {pinning.client_cpu};
    plan.client_io = cell.load->client_io;
    plan.seed = seed;
    return plan;
}

LoadedServer::LoadedServer(const Cell& cell, std::uint64_t seed, const Servers& servers, const Pinning& pinning)
    : cell_(cell),
      plan_(plan_of(cell, pinning, seed)),
      server_(servers, cell, pinning, is_null(cell) ? std::optional(fixed_reply_to(plan_)) : std::nullopt) {
    plan_.server = server_.process().endpoint();
    plan_.protocol = server_.protocol();
    plan_.files = server_.files();
}

void LoadedServer::warm_up() {
    client_ = std::make_unique<LoadClient>(plan_);
    if (!is_null(cell_)) client_->prepare();
    if (cell_.load->warm_up_ms > 0) client_->run({.duration_ns = cell_.load->warm_up_ms * ns_per_ms});
}

TimedWindow LoadedServer::timed(ServerTimer& timer, const LoadWindow& window) {
    if (interrupted()) throw run_failed("interrupted");
    rest();
    const Measured<std::uint64_t> stolen_before_ns = stolen_ns();
    const Snapshot open = timer.read();
    TimedWindow seen{client_->run(window), {}, Absent{"not read yet"}};
    rest();
    seen.server = timer.read().minus(open);
    seen.stolen = stolen_ns() - stolen_before_ns;
    return seen;
}

void LoadedServer::rest(const std::unique_ptr<ServerCounters>& counters) const {
    if (server_.process().spins()) return std::this_thread::sleep_for(time_to_rest);
    const SleepWatch watch = sleep_watch(server_, cell_, counters);
    if (!cell_.external()) return watch.wait();
    watch.is_at_rest_within(time_to_rest);
}

}  // namespace tare
