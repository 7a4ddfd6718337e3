// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/csv.h"
#include "harness/cli/commands.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::string format = "text";
    std::optional<int> cpu;
    CalibrationEffort effort;
};

void print_text(const std::vector<Calibration>& rows) {
    fmt::print("{:24} {:>8} {:8} {:>12} {}\n", "name", "argument", "", "median_ns", "range_ns");
    for (const Calibration& row : rows) {
        fmt::print("{:24} {:>8} {:8} ", row.name, row.argument, row.argument_unit);
        if (row.absent) {
            fmt::print("{:>12} {}\n", "absent", row.absent->reason);
            continue;
        }
        const auto [least, most] = std::minmax_element(row.ns.begin(), row.ns.end());
        fmt::print("{:12.1f} {:.1f} to {:.1f}\n", median_ns(row), *least, *most);
    }
}

void print_csv(const std::vector<Calibration>& rows) {
    fmt::print("name,argument,argument_unit,repetition,ns,status\n");
    for (const Calibration& row : rows) {
        const auto line = [&row](const std::string& repetition, const std::string& ns, const std::string& status) {
            const std::string argument = std::to_string(row.argument);
            fmt::print("{}", csv_line({row.name, argument, row.argument_unit, repetition, ns, status}));
        };
        if (row.absent) line("0", "", "absent:" + row.absent->reason);
        for (std::size_t repetition = 0; repetition < row.ns.size(); ++repetition)
            line(std::to_string(repetition), fmt::format("{}", row.ns[repetition]), "ok");
    }
}

void print(const std::vector<Calibration>& rows, const std::string& format) {
    if (format == "text") print_text(rows);
    if (format == "csv") print_csv(rows);
    if (format == "json") fmt::print("{}\n", to_json(rows).dump(2));
}

}  // namespace

void add_calibrate(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command =
        app.add_subcommand("calibrate", "What this machine charges a server's thread for one event of a kind");
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
        ->check(CLI::Range(0.0001, 10.0));
    command->add_option("--rounds", arguments->effort.round_count, "rounds of each repetition with a peer, of 32 messages")
        ->capture_default_str()
        ->check(CLI::Range(1, 100000));
    command->callback([arguments] {
        const Pinning pinning = arguments->cpu ? choose_cores_with(*arguments->cpu) : choose_cores();
        fmt::print(stderr, "calibrating core {}; peers run on core {}\n", pinning.server_cpu, pinning.client_cpu);
        print(calibrate(pinning, arguments->effort), arguments->format);
    });
}

}  // namespace tare::cli
