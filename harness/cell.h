// SPDX-License-Identifier: Apache-2.0
// One cell of a suite: a variant in one build, and the request that it is asked over and over.
#pragma once

#include <cstdint>
#include <string>

#include "core/observation.h"
#include "core/operation.h"

namespace tare {

struct Cell {
    CellKey key;
    Workload workload;
    std::uint64_t requests = 0;  // of the first window; the second has twice as many
};

// "epoll/level/as_described counted get_hit 16 64", and " x16" when pipelined: what --only is matched against and progress names.
std::string to_string(const Cell& cell);

}  // namespace tare
