// SPDX-License-Identifier: Apache-2.0
#include "harness/process/subprocess.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/check.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::chrono::seconds output_wait_max(60);

bool run_on(int cpu) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<unsigned>(cpu), &cores);
    return ::sched_setaffinity(0, sizeof(cores), &cores) == 0;
}

}  // namespace

Subprocess::Subprocess(const std::vector<std::string>& arguments, std::optional<int> cpu) : name_(arguments.front()) {
    Pipe output;
    Pipe errors;
    const pid_t parent = ::getpid();
    child_.emplace(arguments, [&] {
        ::setpgid(0, 0);  // an interrupt from the terminal is for this program, which then ends its children itself
        die_with(parent);
        ::dup2(output.write_end.get(), STDOUT_FILENO);
        ::dup2(errors.write_end.get(), STDERR_FILENO);
        return !cpu || run_on(*cpu);
    });
    if (const int error_number = child_->exec_error()) {
        const std::string what = "start " + arguments.front() + ": " + error_text(error_number);
        throw error_number == ENOENT ? cannot_measure(what + ": is it installed?") : run_failed(what);
    }
    drain_ = std::make_unique<OutputDrain>(std::move(output.read_end), std::move(errors.read_end));
}

bool Subprocess::ended(std::chrono::milliseconds timeout) { return child_->status(timeout).has_value(); }

int Subprocess::exit_code() {
    const std::optional<int> status = child_->status();
    check(status.has_value(), "exit_code() of a process that runs");
    return exit_code_of(*status);
}

std::string Subprocess::how() {
    const std::optional<int> status = child_->status();
    return status ? end_of(*status) : "runs";
}

std::string Subprocess::read_all(std::chrono::milliseconds timeout, WhenInterrupted then) {
    try {
        return drain_->read_all(timeout, then);
    } catch (const Error& error) {
        throw Error(error.code(), name_ + ": " + error.what());
    }
}

std::string output_of(const std::vector<std::string>& arguments) {
    Subprocess process(arguments);
    std::string text = process.read_all(output_wait_max);
    const bool over = process.ended(std::chrono::seconds(10));
    if (!over || process.exit_code() != 0)
        throw run_failed(
            fmt::format("{}: {}\n{}", fmt::join(arguments, " "), over ? process.how() : "does not end", process.last_errors()));
    return text;
}

}  // namespace tare
