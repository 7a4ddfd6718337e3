// SPDX-License-Identifier: Apache-2.0
#include "harness/server_process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::string_view ready_prefix = "ready port=";

}  // namespace

ServerProcess::ServerProcess(const std::vector<std::string>& arguments, std::optional<int> cpu) : process_(arguments, cpu) {
    const auto line = process_.read_line(std::chrono::seconds(10));
    if (!line || !line->starts_with(ready_prefix)) {
        const std::string end = obituary();
        if (!end.empty() && process_.exit_code() == static_cast<int>(ExitCode::cannot_measure))
            throw cannot_measure(last_errors_);
        throw run_failed(fmt::format("{}: not ready{}", fmt::join(arguments, " "), end.empty() ? " within 10 s" : "; " + end));
    }
    std::from_chars(line->data() + ready_prefix.size(), line->data() + line->size(), port_);
    spins_ = line->ends_with(" rest=spins");
}

std::string ServerProcess::obituary() {
    // A server that was just killed may take a moment until its parent can know.
    if (!process_.ended(std::chrono::milliseconds(200))) return "";
    last_errors_ += process_.last_errors();
    return fmt::format("the server ended with {}; its last lines: {}", process_.how(),
                       last_errors_.empty() ? "none" : "\n" + last_errors_);
}

}  // namespace tare
