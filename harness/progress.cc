// SPDX-License-Identifier: Apache-2.0
#include "harness/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "core/clock.h"

namespace tare {

Progress::Progress(std::size_t step_count)
    : step_count_(step_count), start_ns_(monotonic_ns()), terminal_(::isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
    if (terminal_) fmt::print(stderr, "\n");
}

void Progress::step(std::size_t index, std::string_view stage, std::string_view what) {
    if (!terminal_) {
        if (stage != stage_) fmt::print(stderr, "[{}/{}] {}\n", index + 1, step_count_, stage);
        stage_ = stage;
        return;
    }
    std::string left;
    if (index > 0) {
        const double elapsed_s = static_cast<double>(monotonic_ns() - start_ns_) / 1e9;
        left = fmt::format(", {:.0f} s left", elapsed_s / static_cast<double>(index) * static_cast<double>(step_count_ - index));
    }
    // Back to the line's begin, and clear it: the next text may be shorter.
    fmt::print(stderr, "\r\033[K[{}/{}{}] {}", index + 1, step_count_, left, what);
    std::fflush(stderr);
}

}  // namespace tare
