// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/load_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/error.h"
#include "core/percentiles.h"
#include "harness/bench/invariants.h"
#include "harness/bench/loaded_server.h"
#include "harness/bench/server_counters.h"
#include "harness/bench/tolerated.h"
#include "harness/bench/validity_flags.h"
#include "harness/process/interrupt.h"
#include "harness/trace/instruments.h"
#include "probes/counters/process_stat.h"

namespace tare {
namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

// Before each edge of a counted window: a server that settles a send only when it wakes again (wiring skip_send_cqe) then has
// one of one size unsettled at both of them.
const LoadWindow lone_request{.duration_ns = 0, .requests = 1, .open_loop = {}};

Snapshot traffic(const LoadResult& result) {
    return {{{"requests_sent", ""}, result.requests_sent},
            {{"replies_received", ""}, result.replies_received},
            {{"sent_bytes", ""}, result.sent_bytes},
            {{"received_bytes", ""}, result.received_bytes}};
}

Snapshot closed_loop_times(const LoadResult& result) {
    Snapshot seen = traffic(result);
    seen.set({"elapsed_ns", ""}, result.elapsed_ns);
    seen.set({"client_io", std::string(name_of(result.client_io.used))}, 1);
    const auto& cpu_ns = result.client_cpu_ns;
    seen.set({"client_cpu_ns", ""}, std::accumulate(cpu_ns.begin(), cpu_ns.end(), std::uint64_t{0}));
    seen.set({"latency_ns", ""}, result.latency_ns.sum());
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

// Those of `more` whose quantity is not there.
void add_missing(std::vector<Observation>& rows, const std::vector<Observation>& more) {
    for (const Observation& row : more) {
        const bool is_there = std::any_of(rows.begin(), rows.end(), [&](const Observation& other) {
            return other.source == row.source && other.quantity == row.quantity;
        });
        if (!is_there) rows.push_back(row);
    }
}

// One server, one client, and the rows they make.
class LoadBench {
public:
    LoadBench(const Cell& cell, std::uint64_t repetition, const Servers& servers, const Pinning& pinning)
        : cell_(cell), repetition_(repetition), loaded_(cell, repetition + 1, servers, pinning) {}

    double capacity_per_s() {
        loaded_.warm_up();
        const LoadResult closed = loaded_.client().run(closed_loop());
        if (interrupted()) throw run_failed("interrupted");
        if (closed.elapsed_ns == 0) throw run_failed("nothing was answered in the closed loop's window: make it longer");
        return static_cast<double>(closed.requests_sent) * 1e9 / static_cast<double>(closed.elapsed_ns);
    }

    LoadSession run(double open_rate_per_s, std::vector<std::string>& warnings) {
        open_rate_per_s_ = open_rate_per_s;
        loaded_.warm_up();
        if (cell_.key.build != Build::counted) time();
        if (cell_.key.build != Build::timed) count(warnings);
        if (interrupted()) throw run_failed("interrupted");  // what it did until then is no window
        return std::move(trial_);
    }

    // What was measured before it failed.
    LoadSession measured() { return std::move(trial_); }

    ServerProcess& server() { return loaded_.process(); }

private:
    // Of an external server after its times, by the probes that are no uprobes.
    void count(std::vector<std::string>& warnings) {
        LoadClient& client = loaded_.client();
        counters_ = std::make_unique<ServerCounters>(loaded_.server(), cell_, load_probes);
        client.run(lone_request);
        loaded_.rest(counters_);
        const ServerCounters::Edge open = counters_->read();
        Snapshot sent = traffic(client.run(closed_loop()));
        for (const auto& [quantity, reading] : traffic(client.run(lone_request))) sent.add(quantity, reading);
        loaded_.rest(counters_);
        Sources window = counters_->window_between(open, counters_->read());
        window[Source::client] = sent;
        const std::uint64_t requests = sent.total("requests_sent").value();
        check_window(window, requests, requests, sockets_of(cell_),
                     fmt::format("{}, repetition {}", to_string(cell_), repetition_), warnings);
        if (cell_.external()) window.erase(Source::client);  // what it did in the timed window stands there
        for (const auto& [source, snapshot] : window) add(source, snapshot, requests);
    }

    void time() {
        ServerTimer timer(loaded_.server(), cell_);
        const TimedWindow closed = loaded_.timed(timer, closed_loop());
        const std::uint64_t requests = closed.result.requests_sent;
        add(Source::rusage, closed.server, requests);
        trial_.rows.push_back({cell_.key,
                               repetition_,
                               Source::proc,
                               {"max_rss_bytes", ""},
                               {requests},
                               peak_memory_bytes(loaded_.process().pid())});
        add(Source::client, closed_loop_times(closed.result), requests);
        add_histogram("latency_ns", closed.result.latency_ns);

        std::optional<TimedWindow> scheduled;
        if (cell_.load->open_loop_percent > 0 && open_rate_per_s_ > 0)
            scheduled = run_open_loop(timer);
        else if (cell_.load->open_loop_percent > 0)
            add(Source::client, {{{"offered_per_s", ""}, Absent{"no capacity could be measured, so there is no rate"}}},
                requests);
        add(Source::client, marks_of(closed, scheduled ? &*scheduled : nullptr), requests);
    }

    TimedWindow run_open_loop(ServerTimer& timer) {
        LoadWindow window = closed_loop();
        window.open_loop = {open_rate_per_s_, cell_.load->arrivals};
        TimedWindow seen = loaded_.timed(timer, window);
        if (seen.result.requests_sent == 0) throw run_failed("no request was due in the open loop's window: make it longer");
        add(Source::client, open_loop_times(seen.result, open_rate_per_s_), seen.result.requests_sent);
        add_histogram("open_latency_ns", seen.result.latency_ns);
        add_histogram("late_ns", seen.result.late_ns);
        return seen;
    }

    LoadWindow closed_loop() const {
        return {.duration_ns = cell_.load->duration_ms * ns_per_ms, .requests = 0, .open_loop = {}};
    }

    void add(Source source, const Snapshot& snapshot, std::uint64_t requests) {
        for (const auto& [quantity, reading] : snapshot)
            trial_.rows.push_back({cell_.key, repetition_, source, quantity, {requests}, reading});
    }

    void add_histogram(const std::string& metric, const Histogram& histogram) {
        trial_.histograms.push_back(histogram_row(cell_.key, repetition_, metric, histogram));
    }

    const Cell& cell_;
    std::uint64_t repetition_;
    LoadedServer loaded_;
    std::unique_ptr<ServerCounters> counters_;
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
    try {
        return with_exit_report(to_string(cell) + ": ", &bench.server(), [&] { return bench.run(open_rate_per_s, warnings); });
    } catch (const Error& error) {
        LoadSession measured = bench.measured();
        if (!is_failure_of_case(error, cell) || measured.rows.empty()) throw;
        warnings.emplace_back(error.what());
        add_missing(measured.rows, absent_load_session(cell, repetition, one_line(error.what())));
        return measured;
    }
}

std::vector<Observation> absent_load_session(const Cell& cell, std::uint64_t repetition, const std::string& reason) {
    std::vector<Observation> rows;
    const auto add = [&](Source source, const char* metric) {
        rows.push_back({cell.key, repetition, source, {metric, ""}, {1}, Absent{reason}});
    };
    if (cell.key.build == Build::counted) {
        for (const char* const metric : {"syscalls", "sqes", "cqes"}) add(Source::ledger, metric);
        add(Source::bpf, "syscalls");
        return rows;
    }
    for (const char* const metric : {"cpu_ns", "cpu_user_ns", "cpu_system_ns"}) add(Source::rusage, metric);
    for (const char* const metric : {"elapsed_ns", "latency_ns"}) add(Source::client, metric);
    if (cell.external()) add(Source::bpf, "syscalls");
    return rows;
}

}  // namespace tare
