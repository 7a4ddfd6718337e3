// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/cli/commands.h"
#include "harness/cli/finite_number.h"
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
        if (row.absent) {
            text += fmt::format("{:>12} {}\n", "absent", row.absent->reason);
            continue;
        }
        const auto [least, most] = std::minmax_element(row.ns.begin(), row.ns.end());
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
        if (row.absent) line("0", "", "absent:" + row.absent->reason);
        for (std::size_t repetition = 0; repetition < row.ns.size(); ++repetition)
            line(std::to_string(repetition), fmt::format("{}", row.ns[repetition]), "ok");
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
        add_command(app, "calibrate", "What this machine charges a server's thread for one event of a kind");
    command->add_option("--format", arguments->format, "text, csv or json")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "csv", "json"}));
    command->add_option("--cpu", arguments->cpu,
                        "the core that is calibrated; by default the one that tare run gives to servers");
    command->add_option("--repetitions", arguments->effort.repetitions, "how often each event is timed")
        ->capture_default_str()
        ->check(CLI::Range(3, 100));
    command
        ->add_option("--min-time", arguments->effort.min_time_s,
                     "seconds that each repetition of an event without a peer measures at least")
        ->capture_default_str()
        ->check(number_within(0.0001, 10));
    command->add_option("--rounds", arguments->effort.round_count, "rounds of each repetition with a peer, of 32 messages")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command->callback([arguments] {
        Output output("");
        const Pinning pinning = arguments->cpu ? choose_cores_with(*arguments->cpu) : choose_cores();
        say(fmt::format("calibrating core {}; peers run on core {}\n", pinning.server_cpu, pinning.client_cpu));
        output.write(as(arguments->format, calibrate(pinning, arguments->effort)));
    });
}

}  // namespace tare::cli
