// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/command_session.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "harness/process/child.h"
#include "harness/process/cpu_affinity.h"
#include "harness/process/interrupt.h"
#include "harness/trace/counted_command.h"
#include "harness/trace/timed_command.h"
#include "probes/catalogue.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 3> usage_metrics{"cpu_ns", "page_faults", "max_rss_bytes"};
// Where the machine has no such counters, the run's environment says so once (probe `hardware`), and not each row.
constexpr std::array<std::string_view, 2> hardware_metrics{"instructions", "cycles"};
// Distributions, which only `tare stat` shows.
constexpr std::array<std::string_view, 2> size_metrics{"allocation_sizes", "copy_sizes"};

// How a run ended, if it was not as it should.
std::optional<std::string> fault_of(int status, const CommandSubject& command, const std::string& last_error) {
    if (WIFEXITED(status) && WEXITSTATUS(status) == command.exit_code) return std::nullopt;
    return fmt::format("it ended with {} instead of exit code {}{}", end_of(status), command.exit_code,
                       last_error.empty() ? "" : "; its last line: " + last_error);
}

class Rows {
public:
    Rows(const Cell& cell, std::vector<std::string>& warnings) : cell_(cell), warnings_(warnings) {}

    void add(std::uint64_t repetition, Source source, const Snapshot& snapshot) {
        for (const auto& [quantity, reading] : snapshot)
            rows_.push_back({cell_.key, repetition, source, quantity, {1, Per::run}, reading});
    }
    void warn(std::uint64_t repetition, const std::string& what) {
        warnings_.push_back(fmt::format("{}, run {}: {}", to_string(cell_), repetition + 1, what));
    }
    std::vector<Observation> take() { return std::move(rows_); }

private:
    const Cell& cell_;
    std::vector<std::string>& warnings_;
    std::vector<Observation> rows_;
};

Snapshot absent_counts(const std::vector<UserCounter>& counters, const std::string& reason) {
    Snapshot absent;
    for (const ProbeInfo& probe : probe_catalogue()) {
        if (probe.source != Source::bpf) continue;
        for (const std::string_view metric : probe.metrics) absent.set({std::string(metric), ""}, Absent{reason});
    }
    for (const UserCounter& counter : counters) absent.set({counter.name, ""}, Absent{reason});
    return absent;
}

Snapshot absent_usage(const std::string& reason) {
    Snapshot absent;
    for (const std::string_view metric : usage_metrics) absent.set({std::string(metric), ""}, Absent{reason});
    return absent;
}

Snapshot without_sizes(const Snapshot& counts) {
    Snapshot others;
    for (const auto& [quantity, reading] : counts) {
        if (std::find(size_metrics.begin(), size_metrics.end(), quantity.metric) == size_metrics.end())
            others.set(quantity, reading);
    }
    return others;
}

Snapshot without_lacking_hardware(Snapshot usage) {
    for (const std::string_view metric : hardware_metrics) {
        const Quantity quantity{std::string(metric), ""};
        if (usage.lists(quantity) && !usage.reading(quantity).present()) usage.erase(quantity);
    }
    return usage;
}

// Counted runs have all cores, too.
std::optional<CountedCommand> count(const CommandSubject& command, const CommandOptions& options) {
    try {
        return count_command(command_line(command), options);
    } catch (const Error& error) {
        // One that cannot be executed is no fault of the run's.
        throw error.code() == ExitCode::run_failed && !interrupted() ? cannot_measure(error.what()) : Error(error);
    }
}

}  // namespace

std::vector<Observation> count_runs(const Cell& cell, const CommandSubject& command, const std::vector<UserCounter>& counters,
                                    std::vector<std::string>& warnings, FoldedStacks& folded) {
    Rows rows(cell, warnings);
    for (std::uint64_t run = 0; run < cell.command->count; ++run) {
        try {
            const PreparedSetting setting(setting_of(command));
            CommandOptions options;
            options.enter = [&setting] { return use_all_cores() && setting.enter(); };
            options.counters = counters;
            if (command.call_sites && run + 1 == cell.command->count) options.call_sites = SiteRule{command.wrappers};
            const std::optional<CountedCommand> counted = count(command, options);
            if (!counted || interrupted()) throw run_failed("interrupted");
            const std::optional<std::string> fault = fault_of(counted->status, command, setting.last_error());
            if (fault) rows.warn(run, *fault);
            for (const auto& [source, seen] : counted->sources) {
                const Snapshot counts = without_sizes(seen);
                rows.add(run, source, fault ? counts.without_readings(*fault) : counts);
            }
            if (!counted->sites) continue;
            rows.add(run, Source::bpf, fault ? site_rows(*counted->sites).without_readings(*fault) : site_rows(*counted->sites));
            if (!fault) folded.add(*counted->sites, {to_string(cell)});
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            rows.warn(run, error.what());
            rows.add(run, Source::bpf, absent_counts(counters, error.what()));
        }
    }
    return rows.take();
}

std::vector<Observation> time_run(const Cell& cell, const CommandSubject& command, std::uint64_t repetition,
                                  std::vector<std::string>& warnings) {
    Rows rows(cell, warnings);
    Snapshot usage;
    Measured<std::uint64_t> elapsed_ns = Absent{"not timed"};
    try {
        const TimedCommand timed = time_command(command_line(command), setting_of(command));
        const std::optional<std::string> fault = fault_of(timed.status, command, timed.last_error);
        if (fault) rows.warn(repetition, *fault);
        usage = without_lacking_hardware(timed.usage);
        if (fault) usage = usage.without_readings(*fault);
        elapsed_ns = fault ? Measured<std::uint64_t>(Absent{*fault}) : timed.elapsed_ns;
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        rows.warn(repetition, error.what());
        usage = absent_usage(error.what());
        elapsed_ns = Absent{error.what()};
    }
    rows.add(repetition, Source::rusage, usage);
    rows.add(repetition, Source::client, {{{"elapsed_ns", ""}, elapsed_ns}});
    return rows.take();
}

}  // namespace tare
