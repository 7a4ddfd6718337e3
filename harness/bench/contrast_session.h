// SPDX-License-Identifier: Apache-2.0
// Runs a contrast: generation after generation of fresh processes, one of each subject and one more of the first as a control,
// which are asked in blocks of short slices, one process at a time while the others sleep.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/bench/contrast.h"
#include "harness/bench/contrast_order.h"
#include "harness/bench/start_server.h"
#include "run/contrast_row.h"

namespace tare {

struct ContrastSession {
    std::vector<ContrastRow> rows;
    ContrastEnd end = ContrastEnd::budget;
    double duration_s = 0;
    std::string first_failure;  // of an external server, which the contrast went on without
};

// What is told while it runs, after each block: "12 blocks, widest interval 3.1 %, 14 s of 30 s".
using ContrastProgress = std::function<void(const std::string& what)>;

// `seed` is of the orders of its blocks. A subject that cannot run here, or an external one that fails, is absent from then on,
// by one row with its reason, which is also told to `warnings`; the others go on, unless it is the first or nobody is left beside
// it. Rows are added to `session` block by block, so that those of an interrupted contrast can be kept. Throws run_failed when a
// reference server or a reply of one fails, or the run is interrupted.
void run_contrast(const Contrast& contrast, std::uint64_t seed, const Servers& servers, const Pinning& pinning,
                  const ContrastProgress& progress, ContrastSession& session, std::vector<std::string>& warnings);

// "12 blocks, widest interval 3.1 %, 14 s of 30 s"; without the width while it is not known.
std::string progress_text(const ContrastRatios& ratios, double elapsed_s, std::uint64_t budget_s);

// How it was asked and how it ended, for environment.json, key `contrasts`.
nlohmann::json record_of(const Contrast& contrast, const ContrastSession& session, std::uint64_t seed);

}  // namespace tare
