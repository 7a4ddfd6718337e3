// SPDX-License-Identifier: Apache-2.0
// `tare attach`: counts what processes that run already do, beside a client of the user's.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>
#include <optional>

#include "core/error.h"
#include "harness/cli/commands.h"
#include "harness/cli/count_outputs.h"
#include "harness/cli/counter_option.h"
#include "harness/cli/duration.h"
#include "harness/cli/option_table.h"
#include "harness/cli/site_options.h"
#include "harness/process/child.h"
#include "harness/trace/attach_output.h"
#include "harness/trace/attach_window.h"
#include "harness/trace/request_count.h"
#include "harness/trace/site_rows.h"
#include "probes/attach/kernel_support.h"

namespace tare::cli {
namespace {

constexpr double duration_min_s = 1e-6;
constexpr double duration_max_s = 1e6;

struct Arguments {
    AttachPlan plan;
    double duration_s = 0;
    std::string requests_from;
    std::string output;
    std::string format = "text";
    bool no_functions = false;
    SiteOptions sites;
};

std::string site_table(const Arguments& arguments, const Attachment& attachment) {
    if (!arguments.sites.wants_table()) return "";
    return sites_as_text(attachment.roots.front().name, {&*attachment.sites}, arguments.sites.listing);
}

std::string as(const Arguments& arguments, const Attachment& attachment, std::optional<std::uint64_t> requests) {
    if (arguments.format == "csv") return as_csv(attachment, requests);
    if (arguments.format == "json") return as_json(attachment, requests);
    return as_text(attachment, requests) + site_table(arguments, attachment);
}

std::string folded_text(const Attachment& attachment) {
    FoldedStacks folded;
    folded.add(*attachment.sites);
    return folded.text();
}

// The counts stand, whatever happened; who asked must still hear of it.
void demand_success(const AttachPlan& plan, const Attachment& attachment) {
    if (!attachment.ended.empty())
        throw run_failed(
            fmt::format("process {} ended in mid-window; what it did until then was counted", fmt::join(attachment.ended, ", ")));
    if (attachment.command_status != 0)
        throw run_failed(fmt::format("{}: {}; what the server did until then was counted", plan.command.front(),
                                     end_of(attachment.command_status)));
}

void attach(Arguments& arguments) {
    require_kernel();
    AttachPlan& plan = arguments.plan;
    if (plan.pids.size() > running_roots_max)
        throw usage_error(fmt::format("--pid: at most {}; descendants come by themselves", running_roots_max));
    if (arguments.duration_s > 0) plan.duration_s = arguments.duration_s;
    plan.options.functions = !arguments.no_functions;
    if (arguments.sites.wants_sites()) plan.options.call_sites = arguments.sites.rule;
    plan.command_output = arguments.output.empty() ? STDERR_FILENO : STDOUT_FILENO;
    CountOutputs outputs(arguments.output, arguments.sites.folded);
    const Attachment attachment = attach_to(plan);
    std::optional<std::uint64_t> requests;
    std::optional<Error> refused;
    try {
        if (!arguments.requests_from.empty()) requests = request_count(arguments.requests_from, attachment.begin_s);
    } catch (const Error& error) {
        refused = error;  // the totals stand without it
    }
    outputs.write(as(arguments, attachment, requests), [&] { return folded_text(attachment); });
    demand_success(plan, attachment);
    if (refused) throw Error(*refused);
}

}  // namespace

void add_attach(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "attach",
        {"Count what running processes do, while a client or nobody makes the load",
         "Attaches the probes to the processes and their descendants, counts what they do unasked for some seconds, then what "
         "they "
         "do while CLIENT runs, until --duration is over, or until Ctrl-C. With --requests-from the counts are also given per "
         "request. The processes are neither stopped nor changed; the probes go with tare.",
         {{"tare attach -p $(pidof memcached) -d 10s", "what a server does in ten seconds"},
          {"tare attach -p $(pidof redis-server) --requests-from 100000 -- redis-benchmark -t get -n 100000",
           "what each request of a client costs it"}}});
    command->add_option("-p,--pid", arguments->plan.pids, "the process; its descendants are counted with it; may be given again")
        ->required()
        ->allow_extra_args(false)
        ->type_name("PID")
        ->check(CLI::PositiveNumber.description(""));
    takes_duration(
        command->add_option("--idle", arguments->plan.idle_s, "time before, for what they do unasked; 0 leaves it out"), 0,
        duration_max_s)
        ->default_str(duration_text(arguments->plan.idle_s));
    takes_duration(
        command->add_option("-d,--duration", arguments->duration_s, "time to count; otherwise until CLIENT ends, or Ctrl-C"),
        duration_min_s, duration_max_s);
    command
        ->add_option("--requests-from", arguments->requests_from,
                     "requests in the counted window: a number, or a file with one or with the csv or json of `tare load`")
        ->type_name(value::file);
    takes_one_of(command->add_option("--format", arguments->format, "csv has the columns of observations.csv"),
                 {"text", "csv", "json"})
        ->capture_default_str();
    command
        ->add_option("-o,--output", arguments->output,
                     "write there; CLIENT's own output then stays on stdout, and otherwise goes to stderr")
        ->type_name(value::file);
    command->add_flag("--per-thread", arguments->plan.options.per_thread, "system calls of each thread as well, by thread id");
    command->add_flag("--forks", arguments->plan.options.forks,
                      "of a process without children, count functions of those it will have; slows all that run the same files");
    add_counter_option(*command, arguments->plan.options.counters);
    add_site_options(*command, arguments->sites);
    command->add_flag("--no-functions", arguments->no_functions, "no allocations and copies, whose probes slow the server most")
        ->excludes(command->get_option("--call-sites"))
        ->excludes(command->get_option("--folded"));
    command
        ->add_option("CLIENT", arguments->plan.command,
                     "a command that makes the load, after --; the window is as long as it runs")
        ->type_name(value::command);
    command->callback([arguments] { attach(*arguments); });
}

}  // namespace tare::cli
