// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/sections/winner.h"

#include <fmt/format.h>

#include <algorithm>

namespace tare::sections {

std::string verdict_on(const Estimate& ratio, const std::string& below, const std::string& above) {
    if (!ratio.interval) return fmt::format("{} repetitions give a range, which decides nothing", ratio.count);
    return ratio.surely_below(1) ? below : ratio.surely_above(1) ? above : "no detectable difference";
}

std::string fewer_calls(const LoadMeasurements& load, const CellKey& uring_cell, const CellKey& epoll_cell) {
    for (const CellKey& cell : {uring_cell, epoll_cell}) {
        if (load.agreed(cell, {"syscalls", ""}) == false) return "undecided, the independent counters disagree";
    }
    const Sample uring = load.counted(uring_cell, {"syscalls", ""}), epoll = load.counted(epoll_cell, {"syscalls", ""});
    const std::vector<double> left = uring.values(), right = epoll.values();
    if (left.size() < 2 || right.size() < 2) return "one repetition decides nothing";
    const auto [left_least, left_most] = std::minmax_element(left.begin(), left.end());
    const auto [right_least, right_most] = std::minmax_element(right.begin(), right.end());
    if (*left_most < *right_least) return fmt::format("io_uring, in each of {} repetitions", left.size());
    if (*right_most < *left_least) return fmt::format("mio, in each of {} repetitions", right.size());
    return "no difference that every repetition shows";
}

}  // namespace tare::sections
