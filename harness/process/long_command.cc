// SPDX-License-Identifier: Apache-2.0
#include "harness/process/long_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <csignal>
#include <deque>

#include "core/error.h"
#include "harness/process/interrupt.h"
#include "harness/process/subprocess.h"

namespace tare {
namespace {

constexpr std::size_t kept_lines_max = 30;
constexpr std::chrono::seconds last_lines_wait_max{2};
constexpr std::chrono::milliseconds look_every{20};

class LastLines {
public:
    void add(const std::string& text) {
        if (text.empty()) return;
        lines_.push_back(text);
        if (lines_.size() > kept_lines_max) lines_.pop_front();
    }
    std::string text() const { return fmt::format("{}", fmt::join(lines_, "\n")); }

private:
    std::deque<std::string> lines_;
};

}  // namespace

void run_long_command(const std::vector<std::string>& words, const std::string& folder) {
    std::vector<std::string> command{"env", "-C", folder};
    command.insert(command.end(), words.begin(), words.end());
    Subprocess process(command);
    LastLines last;
    const auto listen = [&](std::chrono::milliseconds time_max) {
        const auto until = std::chrono::steady_clock::now() + time_max;
        while (std::chrono::steady_clock::now() < until) {
            const auto line = process.read_line(std::chrono::milliseconds(1));
            if (!line) break;
            last.add(*line);
        }
        last.add(process.last_errors());
    };
    while (!process.ended(look_every)) {
        listen(look_every);
        if (!interrupted()) continue;
        ::kill(-process.pid(), SIGTERM);  // a process group of its own: what the command started ends with it
        process.ended(std::chrono::seconds(2));
        ::kill(-process.pid(), SIGKILL);
        throw run_failed("interrupted");
    }
    listen(last_lines_wait_max);  // what it left running may print on
    if (process.exit_code() != 0)
        throw run_failed(fmt::format("{}: {}; its last lines:\n{}", fmt::join(words, " "), process.how(), last.text()));
}

}  // namespace tare
