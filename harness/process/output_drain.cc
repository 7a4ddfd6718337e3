// SPDX-License-Identifier: Apache-2.0
#include "harness/process/output_drain.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/error.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{64} << 10;
constexpr std::size_t output_bytes_max = std::size_t{1} << 20;
constexpr std::size_t error_bytes_max = 4096;
constexpr std::chrono::milliseconds look_every{100};  // for an interrupt

}  // namespace

OutputDrain::OutputDrain(OwnedFd output, OwnedFd errors)
    : output_{std::move(output), output_bytes_max},
      errors_{std::move(errors), error_bytes_max},
      stop_(::eventfd(0, EFD_CLOEXEC)) {
    if (!stop_) throw system_failed("eventfd");
    ::fcntl(output_.pipe.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(errors_.pipe.get(), F_SETFL, O_NONBLOCK);
    thread_ = std::thread([this] { drain(); });
}

OutputDrain::~OutputDrain() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(stop_.get(), &one, sizeof(one));
    thread_.join();
}

// What stands in the pipe now, or one pipe's worth of it: a child may write faster than this reads. Closes the pipe at its end.
void OutputDrain::take_over(Stream& stream) {
    std::array<char, 65536> piece;
    if (!stream.pipe) return;
    ssize_t size = 0;
    do size = ::read(stream.pipe.get(), piece.data(), piece.size());
    while (size < 0 && errno == EINTR);
    if (size == 0 || (size < 0 && errno != EAGAIN)) stream.pipe.reset();
    if (size <= 0) return;
    stream.unread.append(piece.data(), static_cast<std::size_t>(size));
    if (stream.unread.size() <= stream.bytes_max) return;
    stream.unread.erase(0, stream.unread.size() - stream.bytes_max);
    stream.has_dropped = true;
}

void OutputDrain::take_over_both() {
    take_over(output_);
    take_over(errors_);
}

void OutputDrain::drain() {
    while (true) {
        std::array<pollfd, 3> wanted{{{stop_.get(), POLLIN, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}}};  // -1: none
        {
            const std::scoped_lock lock(mutex_);
            if (output_.pipe) wanted[1].fd = output_.pipe.get();
            if (errors_.pipe) wanted[2].fd = errors_.pipe.get();
        }
        if (wanted[1].fd < 0 && wanted[2].fd < 0) return;
        if (::poll(wanted.data(), wanted.size(), -1) < 0 && errno != EINTR) return;
        if (wanted[0].revents != 0) return;
        {
            const std::scoped_lock lock(mutex_);
            take_over_both();
        }
        came_.notify_all();
    }
}

std::optional<std::string> OutputDrain::read_line(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    take_over_both();  // what it wrote is there even if the thread did not run yet
    std::string& unread = output_.unread;
    came_.wait_for(lock, timeout,
                   [&] { return unread.find('\n') != std::string::npos || unread.size() >= line_bytes_max || !output_.pipe; });
    const std::size_t line_end = unread.find('\n');
    if (line_end == std::string::npos && unread.size() < line_bytes_max) return std::nullopt;
    std::string line = unread.substr(0, line_end);
    unread.erase(0, line_end == std::string::npos ? line_end : line_end + 1);
    return line;
}

std::string OutputDrain::read_all(std::chrono::milliseconds timeout, WhenInterrupted then) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::unique_lock lock(mutex_);
    const auto refuse = [](const std::string& why) { throw run_failed(why); };
    while (output_.pipe) {
        if (output_.has_dropped) refuse("it prints more than 1 MiB");
        if (then == WhenInterrupted::stop && interrupted()) refuse("interrupted");
        if (std::chrono::steady_clock::now() > deadline)
            refuse("it does not end within " + std::to_string(timeout.count()) + " ms");
        came_.wait_for(lock, look_every);
    }
    if (output_.has_dropped) refuse("it prints more than 1 MiB");
    return std::exchange(output_.unread, std::string());
}

std::string OutputDrain::take_errors() {
    const std::scoped_lock lock(mutex_);
    take_over_both();
    std::string text;
    text.swap(errors_.unread);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace tare
