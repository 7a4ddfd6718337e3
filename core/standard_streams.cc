// SPDX-License-Identifier: Apache-2.0
#include "core/standard_streams.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <string>

#include "core/plain_text.h"

namespace tare {
namespace {

constexpr int busy_max_ms = 1000;

std::atomic<Verbosity> current_verbosity = Verbosity::normal;  // of the whole process, as its stderr is

// A handler, for exec gives the next program the default again, as it would not with a signal that is ignored.
void make_error_of(int signal) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
}

void write_to_stderr(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
            continue;
        }
        pollfd busy{STDERR_FILENO, POLLOUT, 0};
        const bool again = errno == EINTR || (errno == EAGAIN && ::poll(&busy, 1, busy_max_ms) > 0);
        if (written == 0 || !again) return;
    }
}

}  // namespace

void guard_standard_streams() {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
        // A place that can be neither read nor written (EBADF, as if closed) and is gone after exec. It takes the lowest free
        // number.
        if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/", O_PATH | O_CLOEXEC));
    }
    make_error_of(SIGPIPE);
    make_error_of(SIGXFSZ);
}

void say(std::string_view text) { write_to_stderr(plain_lines(text)); }

void set_verbosity(Verbosity verbosity) { current_verbosity = verbosity; }

Verbosity verbosity() { return current_verbosity; }

void remark(std::string_view text) {
    if (current_verbosity != Verbosity::quiet) say(text);
}

// Back to the line's begin, and clear it: the former text may be longer.
void remark_over(std::string_view line) {
    if (current_verbosity != Verbosity::quiet) write_to_stderr("\r\033[K" + plain(line));
}

}  // namespace tare
