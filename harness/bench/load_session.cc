// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/load_session.h"

#include <fmt/format.h>

#include <cmath>
#include <memory>
#include <numeric>
#include <thread>

#include "core/error.h"
#include "core/percentiles.h"
#include "harness/bench/invariants.h"
#include "harness/bench/validity_flags.h"
#include "harness/load/load_client.h"
#include "harness/load/lockstep.h"
#include "harness/process/interrupt.h"
#include "harness/process/running_process.h"
#include "harness/trace/instruments.h"
#include "probes/sleep_watch.h"

namespace tare {
namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

// Before each edge of a counted window: a server that settles a send only when it wakes again (wiring skip_send_cqe) then has
// one of one size unsettled at both of them.
const LoadWindow lone_request{.duration_ns = 0, .requests = 1, .open_loop = {}};

LoadPlan plan_of(const Cell& cell, const Pinning& pinning, std::uint64_t repetition) {
    LoadPlan plan;
    plan.mix = {{cell.workload.operation, 1}};
    plan.key_bytes = cell.key.key_bytes;
    plan.key_count = is_null(cell) ? 1 : cell.load->key_count;
    plan.value_bytes = {cell.key.value_bytes};
    plan.popularity = cell.load->popularity;
    plan.connections = cell.key.connections;
    plan.pipeline = cell.key.pipeline;
    plan.cpus = {pinning.client_cpu};
    plan.seed = repetition + 1;
    return plan;
}

Snapshot traffic(const LoadResult& result) {
    return {{{"requests_sent", ""}, result.requests_sent},
            {{"replies_received", ""}, result.replies_received},
            {{"sent_bytes", ""}, result.sent_bytes},
            {{"received_bytes", ""}, result.received_bytes}};
}

Snapshot closed_loop_times(const LoadResult& result) {
    Snapshot seen = traffic(result);
    seen.emplace(Quantity{"elapsed_ns", ""}, result.elapsed_ns);
    const auto& cpu_ns = result.client_cpu_ns;
    seen.emplace(Quantity{"client_cpu_ns", ""}, std::accumulate(cpu_ns.begin(), cpu_ns.end(), std::uint64_t{0}));
    seen.emplace(Quantity{"latency_ns", ""}, result.latency_ns.sum());
    seen.merge(percentiles("latency_percentile_ns", result.latency_ns));
    return seen;
}

Snapshot open_loop_times(const LoadResult& result, double rate_per_s) {
    Snapshot seen{{{"offered_per_s", ""}, static_cast<std::uint64_t>(std::llround(rate_per_s))},
                  {{"open_elapsed_ns", ""}, result.elapsed_ns},
                  {{"open_latency_ns", ""}, result.latency_ns.sum()},
                  {{"late_ns", ""}, result.late_ns.sum()}};
    seen.merge(percentiles("open_latency_percentile_ns", result.latency_ns));
    seen.merge(percentiles("late_percentile_ns", result.late_ns));
    return seen;
}

// One server, one client, and the rows they make.
class LoadBench {
public:
    LoadBench(const Cell& cell, std::uint64_t repetition, const Servers& servers, const Pinning& pinning)
        : cell_(cell),
          repetition_(repetition),
          plan_(plan_of(cell, pinning, repetition)),
          server_(servers, cell, pinning, is_null(cell) ? std::optional(fixed_reply_to(plan_)) : std::nullopt) {
        plan_.port = server_.process().port();
        plan_.protocol = server_.protocol();
        plan_.files = server_.files();
    }

    double capacity_per_s() {
        LoadClient client(plan_);
        warm_up(client);
        const LoadResult closed = client.run(closed_loop());
        if (interrupted()) throw run_failed("interrupted");
        if (closed.elapsed_ns == 0) throw run_failed("nothing was answered in the closed loop's window: make it longer");
        return static_cast<double>(closed.requests_sent) * 1e9 / static_cast<double>(closed.elapsed_ns);
    }

    LoadSession run(double open_rate_per_s, std::vector<std::string>& warnings) {
        open_rate_per_s_ = open_rate_per_s;
        LoadClient client(plan_);
        warm_up(client);
        if (cell_.key.build == "counted")
            count(client, warnings);
        else
            time(client);
        if (interrupted()) throw run_failed("interrupted");  // what it did until then is no window
        return std::move(trial_);
    }

    ServerProcess& server() { return server_.process(); }

private:
    void warm_up(LoadClient& client) const {
        if (!is_null(cell_)) client.prepare();
        if (cell_.load->warm_up_ms > 0) client.run({.duration_ns = cell_.load->warm_up_ms * ns_per_ms});
    }

    void count(LoadClient& client, std::vector<std::string>& warnings) {
        Instruments instruments(server_.process().pid(), &server_.ledger(), load_probes);
        client.run(lone_request);
        rest();
        const Sources open = instruments.read();
        Snapshot sent = traffic(client.run(closed_loop()));
        for (const auto& [quantity, reading] : traffic(client.run(lone_request)))
            sent.insert_or_assign(quantity, sent.at(quantity) + reading);
        rest();
        Sources window = window_between(open, instruments.read());
        window["client"] = sent;
        const std::uint64_t requests = sent.at({"requests_sent", ""}).value();
        check_window(window, requests, requests, fmt::format("{}, repetition {}", to_string(cell_), repetition_), warnings);
        for (const auto& [source, snapshot] : window) add(source, snapshot, requests);
    }

    void time(LoadClient& client) {
        // Its time would be that of whoever waits for those that work.
        if (const auto workers = cell_.external() ? children_of(server_.process().pid()).size() : 0; workers > 0)
            throw cannot_measure(
                fmt::format("the server has {} processes more, whose CPU time is not in its own; run it as one", workers));
        Instruments instruments(server_.process().pid(), nullptr, timed_probes);
        const TimedWindow closed = timed(client, instruments, closed_loop());
        const std::uint64_t requests = closed.result.requests_sent;
        add("rusage", closed.server, requests);
        add("client", closed_loop_times(closed.result), requests);
        add_histogram("latency_ns", closed.result.latency_ns);

        std::optional<TimedWindow> scheduled;
        if (cell_.load->open_loop_percent > 0 && open_rate_per_s_ > 0)
            scheduled = run_open_loop(client, instruments);
        else if (cell_.load->open_loop_percent > 0)
            add("client", {{{"offered_per_s", ""}, Absent{"no capacity could be measured, so there is no rate"}}}, requests);
        add("client", marks_of(closed, scheduled ? &*scheduled : nullptr), requests);
    }

    // One window with the clocks read around it, while nothing is in flight.
    TimedWindow timed(LoadClient& client, Instruments& instruments, const LoadWindow& window) {
        if (interrupted()) throw run_failed("interrupted");
        rest();
        const Reading stolen_before_ns = stolen_ns();
        const Sources open = instruments.read();
        TimedWindow seen{client.run(window), {}, Absent{"not read yet"}};
        rest();
        seen.server = window_between(open, instruments.read()).at("rusage");
        seen.stolen = stolen_ns() - stolen_before_ns;
        return seen;
    }

    TimedWindow run_open_loop(LoadClient& client, Instruments& instruments) {
        LoadWindow window = closed_loop();
        window.open_loop = {open_rate_per_s_, cell_.load->arrivals};
        TimedWindow seen = timed(client, instruments, window);
        if (seen.result.requests_sent == 0) throw run_failed("no request was due in the open loop's window: make it longer");
        add("client", open_loop_times(seen.result, open_rate_per_s_), seen.result.requests_sent);
        add_histogram("open_latency_ns", seen.result.latency_ns);
        add_histogram("late_ns", seen.result.late_ns);
        return seen;
    }

    LoadWindow closed_loop() const {
        return {.duration_ns = cell_.load->duration_ms * ns_per_ms, .requests = 0, .open_loop = {}};
    }

    // A server that sleeps has done all that it was asked, whatever it still had to do after the last reply. An external one may
    // have threads that work on their own; what they do is part of what the server costs.
    void rest() const {
        if (server_.process().spins())
            std::this_thread::sleep_for(time_to_rest);
        else if (!cell_.external())
            SleepWatch(server_.process().pid()).wait();
    }

    void add(const std::string& source, const Snapshot& snapshot, std::uint64_t requests) {
        for (const auto& [quantity, reading] : snapshot)
            trial_.rows.push_back({"", cell_.key, repetition_, source, quantity, requests, reading});
    }

    void add_histogram(const std::string& metric, const Histogram& histogram) {
        trial_.histograms.push_back(histogram_row(cell_.key, repetition_, metric, histogram));
    }

    const Cell& cell_;
    std::uint64_t repetition_;
    LoadPlan plan_;
    CellServer server_;
    double open_rate_per_s_ = 0;
    LoadSession trial_;
};

}  // namespace

double measure_capacity(const Cell& cell, const Servers& servers, const Pinning& pinning) {
    LoadBench bench(cell, 0, servers, pinning);
    return with_exit_report(to_string(cell) + ": ", &bench.server(), [&] { return bench.capacity_per_s(); });
}

LoadSession run_load_session(const Cell& cell, std::uint64_t repetition, const Servers& servers, const Pinning& pinning,
                             double open_rate_per_s, std::vector<std::string>& warnings) {
    LoadBench bench(cell, repetition, servers, pinning);
    return with_exit_report(to_string(cell) + ": ", &bench.server(), [&] { return bench.run(open_rate_per_s, warnings); });
}

std::vector<Observation> absent_load_session(const Cell& cell, std::uint64_t repetition, const std::string& reason) {
    std::vector<Observation> rows;
    const auto add = [&](const char* source, const char* metric) {
        rows.push_back({"", cell.key, repetition, source, {metric, ""}, 1, Absent{reason}});
    };
    if (cell.key.build == "counted") {
        for (const char* const metric : {"syscalls", "sqes", "cqes"}) add("ledger", metric);
        add("bpf", "syscalls");
        return rows;
    }
    for (const char* const metric : {"cpu_ns", "cpu_user_ns", "cpu_system_ns"}) add("rusage", metric);
    for (const char* const metric : {"elapsed_ns", "latency_ns"}) add("client", metric);
    return rows;
}

}  // namespace tare
