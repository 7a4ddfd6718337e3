// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "core/error.h"
#include "core/standard_streams.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"
#include "harness/cli/count_outputs.h"
#include "harness/cli/counter_option.h"
#include "harness/cli/counters_option.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"
#include "harness/cli/site_options.h"
#include "harness/process/child.h"
#include "harness/process/interrupt.h"
#include "harness/trace/series.h"
#include "harness/trace/site_rows.h"
#include "probes/attach/kernel_support.h"

namespace tare::cli {
namespace {

struct Arguments {
    std::vector<std::string> command;
    std::string other;
    std::string output;
    std::string format = "text";
    unsigned repetitions = 1;
    bool per_thread = false;
    SiteOptions sites;
    std::vector<UserCounter> counters;
    CountedBy by = CountedBy::best;
};

void count_once(CommandSeries& series, const CommandOptions& options) {
    if (interrupted()) return;
    try {
        if (auto counted = count_command(series.arguments, options)) series.repetitions.push_back(*std::move(counted));
    } catch (const Error& error) {
        throw Error(error.code(), series.arguments.front() + ": " + error.what());
    }
}

// What an interrupt cut short is no repetition like the others; it is kept only when there is no other.
void drop_cut_short(CommandSeries& series, std::size_t whole) {
    if (whole > 0 && series.repetitions.size() > whole) series.repetitions.resize(whole);
}

// In turn, so that a change of the machine meets both. Until an interrupt.
void count_all(const Arguments& arguments, const CommandOptions& options, CommandSeries& series, CommandSeries& other) {
    for (unsigned repetition = 0; repetition < arguments.repetitions && !interrupted(); ++repetition) {
        if (arguments.repetitions > 1) remark(fmt::format("[{}/{}]\n", repetition + 1, arguments.repetitions));
        if (!other.arguments.empty()) count_once(other, options);
        count_once(series, options);
        if (!interrupted()) continue;
        drop_cut_short(other, repetition);
        drop_cut_short(series, repetition);
    }
    if (series.repetitions.empty())
        throw run_failed(series.arguments.front() + ": interrupted before it ran; nothing of it was counted");
}

void demand_all(const Arguments& arguments, const CommandSeries& series) {
    if (series.repetitions.size() < arguments.repetitions)
        throw run_failed(
            fmt::format("interrupted; {} of {} repetitions were counted", series.repetitions.size(), arguments.repetitions));
}

// The counts stand, whatever the command itself made of its work; who asked must still hear of it.
void demand_success(const CommandSeries& series) {
    for (const CountedCommand& repetition : series.repetitions) {
        if (repetition.status != 0)
            throw run_failed(
                fmt::format("{}: {}; what it did until then was counted", series.arguments.front(), end_of(repetition.status)));
    }
}

std::string site_table(const Arguments& arguments, const CommandSeries& series) {
    std::vector<const SiteCounts*> repetitions;
    for (const CountedCommand& repetition : series.repetitions) repetitions.push_back(&*repetition.sites);
    return sites_as_text(series.arguments.front(), repetitions, arguments.sites.listing);
}

std::string site_tables(const Arguments& arguments, const CommandSeries& series, const CommandSeries* other) {
    if (!arguments.sites.wants_table()) return "";
    return (other == nullptr ? "" : site_table(arguments, *other)) + site_table(arguments, series);
}

std::string as(const Arguments& arguments, const CommandSeries& series, const CommandSeries* other) {
    if (arguments.format == "csv") return as_csv(series, other);
    if (arguments.format == "json") return as_json(series, other);
    const std::string tables = site_tables(arguments, series, other);
    if (arguments.format == "markdown")
        return as_markdown(series, other) + (tables.empty() ? "" : fmt::format("\n```\n{}```\n", tables.substr(1)));
    return as_text(series, other) + tables;
}

// Of all repetitions of COMMAND together.
std::string folded_text(const CommandSeries& series) {
    FoldedStacks folded;
    for (const CountedCommand& repetition : series.repetitions) folded.add(*repetition.sites);
    return folded.text();
}

void count(const Arguments& arguments) {
    if (arguments.by == CountedBy::bpf) require_kernel();
    CommandSeries series{arguments.command, {}};
    CommandSeries other{arguments.other.empty() ? std::vector<std::string>{} : words_of(arguments.other, "--diff"), {}};
    CommandOptions options;
    options.output = arguments.output.empty() ? STDERR_FILENO : STDOUT_FILENO;
    options.per_thread = arguments.per_thread;
    if (arguments.sites.wants_sites()) options.call_sites = arguments.sites.rule;
    options.counters = arguments.counters;
    options.by = arguments.by;
    CountOutputs outputs(arguments.output, arguments.sites.folded);
    catch_interrupts();
    count_all(arguments, options, series, other);
    outputs.write(as(arguments, series, other.arguments.empty() ? nullptr : &other), [&] { return folded_text(series); });
    demand_success(other);
    demand_success(series);
    demand_all(arguments, series);
}

}  // namespace

void add_stat(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "stat",
        {"Count what any command and its children do",
         "Runs the command with all probes attached to it and what it starts, and counts system calls, queue operations, "
         "allocations, "
         "copies, socket bytes and faults. What could not be counted is absent with its reason. Everything from the first word "
         "of the command on is the command's; put -- before it where an option of it is also one of tare stat.",
         {{"tare stat ls -la", "what one command does"},
          {"tare stat -r 5 --diff \"cat /etc/passwd\" -- cp /etc/passwd /dev/null",
           "what one does more than another, five times each"},
          {"tare stat --call-sites -- ./server --once", "and by which functions"}}});
    command->add_option("COMMAND", arguments->command, "the command with its arguments")->type_name(value::command)->required();
    command->add_option("-r,--repeat", arguments->repetitions, "run it so often; exact, or median and range")
        ->check(whole_number(1, 100000))
        ->capture_default_str();
    command->add_option("--diff", arguments->other, "a second command line; adds what COMMAND does more or less than it")
        ->type_name("TEXT");
    takes_one_of(command->add_option("--format", arguments->format, "csv has the columns of observations.csv"),
                 {"text", "markdown", "csv", "json"})
        ->capture_default_str();
    command
        ->add_option("-o,--output", arguments->output,
                     "write there; the command's own output then stays on stdout, and otherwise goes to stderr")
        ->type_name(value::file);
    command->add_flag("--per-thread", arguments->per_thread, "system calls of each thread as well");
    add_counter_option(*command, arguments->counters);
    add_counters_option(*command, arguments->by);
    add_site_options(*command, arguments->sites);
    command->callback([arguments] { count(*arguments); });
}

}  // namespace tare::cli
