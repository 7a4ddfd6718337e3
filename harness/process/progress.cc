// SPDX-License-Identifier: Apache-2.0
#include "harness/process/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "core/clock.h"
#include "core/standard_streams.h"

namespace tare {
namespace {

constexpr std::uint64_t quiet_ns = 10'000'000'000;  // between two lines of one step

}  // namespace

Progress::Progress(std::size_t step_count, double expected_s)
    : step_count_(step_count),
      expected_s_(expected_s),
      start_ns_(monotonic_ns()),
      terminal_(::isatty(STDERR_FILENO) == 1 && verbosity() != Verbosity::verbose) {}

Progress::~Progress() {
    if (terminal_) remark("\n");
}

void Progress::step(std::string_view stage, std::string_view what, double expected_s) {
    if (begun_ < step_count_) ++begun_;  // work that lasts longer than it was said to stays at its last step
    done_s_ = std::min(done_s_ + this_s_, expected_s_);
    this_s_ = expected_s;
    const bool new_stage = stage != stage_;
    stage_ = stage;
    if (terminal_)
        renew(what);
    else if (verbosity() == Verbosity::verbose)
        tell(what);
    else if (new_stage)
        tell(stage);
}

void Progress::update(std::string_view what, bool last) {
    if (terminal_)
        renew(what);
    else if (last || monotonic_ns() - told_ns_ >= quiet_ns)
        tell(what);
}

void Progress::renew(std::string_view what) const {
    remark_over(fmt::format("[{}/{}{}] {}", begun_, step_count_, time_left(), what));
}

void Progress::tell(std::string_view what) {
    told_ns_ = monotonic_ns();
    remark(fmt::format("[{}/{}{}] {}\n", begun_, step_count_, time_left(), what));
}

// What is left of the guess, stretched by how wrong it was so far.
std::string Progress::time_left() const {
    if (done_s_ <= 0) return "";
    const double elapsed_s = static_cast<double>(monotonic_ns() - start_ns_) / 1e9;
    return fmt::format(", {:.0f} s left", elapsed_s / done_s_ * (expected_s_ - done_s_));
}

}  // namespace tare
