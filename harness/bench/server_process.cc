// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/server_process.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <charconv>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {
namespace {

constexpr std::string_view ready_prefix = "ready port=";
constexpr std::chrono::seconds ready_wait_max{10};
// A server that turns into a daemon is accepting when the process that was started goes.
constexpr std::chrono::milliseconds time_to_leave{50};

bool accepts(std::uint16_t port) {
    const OwnedFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return fd && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

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
    std::from_chars(line->data() + ready_prefix.size(), line->data() + line->size(), port_);
    spins_ = line->ends_with(" rest=spins");
}

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu, std::uint16_t port)
    : orphans_(std::in_place), process_(arguments, cpu), port_(port) {
    const auto deadline = std::chrono::steady_clock::now() + ready_wait_max;
    while (!accepts(port)) {
        if (process_.ended(std::chrono::milliseconds(2))) throw early_end(arguments);
        if (std::chrono::steady_clock::now() > deadline)
            throw run_failed(fmt::format("{}: accepts nothing on port {} within 10 s", fmt::join(arguments, " "), port));
    }
    if (process_.ended(time_to_leave)) throw early_end(arguments);
}

Error ServerProcess::early_end(const std::vector<std::string>& arguments) {
    const std::string end = exit_report();
    const bool in_peace = process_.exit_code() == 0;
    return run_failed(fmt::format(
        "{}: {}{}", fmt::join(arguments, " "), end,
        in_peace ? "\nif it goes on in the background, keep it in the foreground: one process is measured, the one started"
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
