// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/server_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::string_view ready_prefix = "ready port=";
constexpr std::chrono::seconds ready_wait_max{10};
// A server that turns into a daemon is accepting when the process that was started goes.
constexpr std::chrono::milliseconds time_to_leave{50};

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu) : process_(arguments, cpu) {
    const auto deadline = std::chrono::steady_clock::now() + ready_wait_max;
    const auto line = process_.read_line(ready_wait_max);
    if (!line || !line->starts_with(ready_prefix)) {
        // One that refuses closes its output at once, and on a slow machine ends a while after that.
        if (!line) process_.ended(std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()));
        const std::string end = exit_report();
        if (!end.empty() && process_.exit_code() == static_cast<int>(ExitCode::cannot_measure))
            throw cannot_measure(last_errors_);
        throw run_failed(fmt::format("{}: not ready{}", fmt::join(arguments, " "), end.empty() ? " within 10 s" : "; " + end));
    }
    std::from_chars(line->data() + ready_prefix.size(), line->data() + line->size(), endpoint_.port);
    spins_ = line->ends_with(" rest=spins");
}

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu, const Endpoint& endpoint)
    : orphans_(std::in_place), process_(arguments, cpu), endpoint_(endpoint) {
    const auto deadline = std::chrono::steady_clock::now() + ready_wait_max;
    while (!is_served(endpoint)) {
        if (process_.ended(std::chrono::milliseconds(2))) throw early_end(arguments);
        if (std::chrono::steady_clock::now() > deadline)
            throw run_failed(fmt::format("{}: {} {} within 10 s", fmt::join(arguments, " "),
                                         endpoint.has_datagrams() ? "does not bind" : "accepts nothing on", to_string(endpoint)));
    }
    if (process_.ended(time_to_leave)) throw early_end(arguments);
}

Error ServerProcess::early_end(const std::vector<std::string>& arguments) {
    const std::string end = exit_report();
    const bool in_peace = process_.exit_code() == 0;
    return run_failed(fmt::format("{}: {}{}", fmt::join(arguments, " "), end,
                                  in_peace ? "\nif it goes on in the background, keep it in the foreground: what is measured is "
                                             "the process that was started, with its children"
                                           : ""));
}

std::string ServerProcess::exit_report() {
    // A server that was just killed may take a moment until its parent can know.
    if (!process_.ended(std::chrono::milliseconds(200))) return "";
    last_errors_ += process_.last_errors();
    return fmt::format("the server ended with {}; its last lines: {}", process_.how(),
                       last_errors_.empty() ? "none" : "\n" + last_errors_);
}

}  // namespace tare
