// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/output.h"
#include "core/standard_streams.h"
#include "core/status.h"
#include "harness/cli/commands.h"
#include "harness/cli/duration.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"
#include "run/csv.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string format = "text";
    std::optional<int> cpu;
    CalibrationEffort effort;
};

std::string as_text(const std::vector<Calibration>& rows) {
    std::string text = fmt::format("{:24} {:>8} {:8} {:>12} {}\n", "name", "argument", "", "median_ns", "range_ns");
    for (const Calibration& row : rows) {
        text += fmt::format("{:24} {:>8} {:8} ", row.name, row.argument, row.argument_unit);
        if (!row.ns.present()) {
            text += fmt::format("{:>12} {}\n", "absent", row.ns.reason());
            continue;
        }
        const std::vector<double>& ns = row.ns.value();
        const auto [least, most] = std::minmax_element(ns.begin(), ns.end());
        text += fmt::format("{:12.1f} {:.1f} to {:.1f}\n", median_ns(row), *least, *most);
    }
    return text;
}

std::string as_csv(const std::vector<Calibration>& rows) {
    std::string text = "name,argument,argument_unit,repetition,ns,status\n";
    for (const Calibration& row : rows) {
        const auto line = [&row, &text](const std::string& repetition, const std::string& ns, const std::string& status) {
            const std::string argument = std::to_string(row.argument);
            text += csv_line({row.name, argument, row.argument_unit, repetition, ns, status});
        };
        if (!row.ns.present()) {
            line("0", "", status_of(row.ns));
            continue;
        }
        const std::vector<double>& ns = row.ns.value();
        for (std::size_t repetition = 0; repetition < ns.size(); ++repetition)
            line(std::to_string(repetition), fmt::format("{}", ns[repetition]), "ok");
    }
    return text;
}

std::string as(const std::string& format, const std::vector<Calibration>& rows) {
    if (format == "csv") return as_csv(rows);
    return format == "json" ? to_json(rows).dump(2) + "\n" : as_text(rows);
}

}  // namespace

void add_calibrate(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command =
        add_command(app, "calibrate",
                    {"What this machine charges a server's thread for one event of a kind",
                     "Times each kind of event on one core, with its peer on another where it has one, and prints the median and "
                     "the range of the repetitions in nanoseconds. The prices are this machine's, now: they do not transfer.",
                     {{"tare calibrate", "the prices of a system call, a send, a wake-up, an allocation, a copied byte"},
                      {"tare calibrate --cpu 1 -r 20 --format csv", "of core 1, twenty times each, as rows"}}});
    takes_one_of(command->add_option("--format", arguments->format, "of what is printed"), {"text", "csv", "json"})
        ->capture_default_str();
    command->add_option("--cpu", arguments->cpu,
                        "the core that is calibrated; by default the one that tare run gives to servers");
    command->add_option("-r,--repetitions", arguments->effort.repetitions, "how often each event is timed")
        ->capture_default_str()
        ->check(whole_number(3, 100));
    takes_duration(command->add_option("--min-time", arguments->effort.min_time_s,
                                       "time that each repetition of an event without a peer measures at least"),
                   0.0001, 10)
        ->default_str(duration_text(arguments->effort.min_time_s));
    command->add_option("--rounds", arguments->effort.round_count, "rounds of each repetition with a peer, of 32 messages")
        ->capture_default_str()
        ->check(whole_number(1, 100000));
    command->callback([arguments] {
        Output output("");
        const Pinning pinning = arguments->cpu ? choose_cores_with(*arguments->cpu) : choose_cores();
        remark(fmt::format("calibrating core {}; peers run on core {}\n", pinning.server_cpu, pinning.client_cpu));
        output.write(as(arguments->format, calibrate(pinning, arguments->effort)));
    });
}

}  // namespace tare::cli
