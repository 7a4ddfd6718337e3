// SPDX-License-Identifier: Apache-2.0
#include "harness/process/subprocess.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/check.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t error_bytes_max = 4096;

bool run_on(int cpu) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<unsigned>(cpu), &cores);
    return ::sched_setaffinity(0, sizeof(cores), &cores) == 0;
}

bool readable(int fd, std::chrono::milliseconds timeout) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(timeout.count())) > 0;
}

}  // namespace

Subprocess::Subprocess(const std::vector<std::string>& arguments, std::optional<int> cpu) {
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
    output_ = std::move(output.read_end);
    errors_ = std::move(errors.read_end);
    ::fcntl(errors_.get(), F_SETFL, O_NONBLOCK);
}

std::optional<std::string> Subprocess::read_line(std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::size_t line_end = unread_output_.find('\n');
    while (line_end == std::string::npos) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0 || !readable(output_.get(), left)) return std::nullopt;
        std::array<char, 4096> piece;
        const ssize_t size = ::read(output_.get(), piece.data(), piece.size());
        if (size <= 0) return std::nullopt;
        unread_output_.append(piece.data(), static_cast<std::size_t>(size));
        line_end = unread_output_.find('\n');
    }
    std::string line = unread_output_.substr(0, line_end);
    unread_output_.erase(0, line_end + 1);
    return line;
}

std::string Subprocess::read_all() {
    std::string text = std::move(unread_output_);
    std::array<char, 4096> piece;
    for (ssize_t size = 1; size > 0;) {
        size = ::read(output_.get(), piece.data(), piece.size());
        if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
    }
    return text;
}

std::string Subprocess::last_errors() {
    std::string text;
    std::array<char, 4096> piece;
    for (ssize_t size = 1; size > 0;) {
        size = ::read(errors_.get(), piece.data(), piece.size());
        if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
        if (text.size() > error_bytes_max) text.erase(0, text.size() - error_bytes_max);
    }
    while (text.ends_with('\n')) text.pop_back();
    return text;
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

std::string output_of(const std::vector<std::string>& arguments) {
    Subprocess process(arguments);
    std::string text = process.read_all();
    const bool over = process.ended(std::chrono::seconds(10));
    if (!over || process.exit_code() != 0)
        throw run_failed(
            fmt::format("{}: {}\n{}", fmt::join(arguments, " "), over ? process.how() : "does not end", process.last_errors()));
    return text;
}

}  // namespace tare
