// SPDX-License-Identifier: Apache-2.0
// One repetition of a cell under load: a server of its own, warmed up, then one window that is timed (timed build and external
// servers) or counted (counted build), never both.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/start_server.h"
#include "run/histogram_row.h"
#include "run/observation.h"

namespace tare {

struct LoadSession {
    std::vector<Observation> rows;
    std::vector<HistogramRow> histograms;  // of a timed repetition
};

// Requests per second that the server of a cell answers in a closed loop of the cell's own warm-up and length. Throws as
// run_load_session() does.
double measure_capacity(const Cell& cell, const Servers& servers, const Pinning& pinning);

// One repetition; `open_rate_per_s` is what its open loop offers, where it has one. What makes its times doubtful is in them as
// `marks`; a counted window that does not balance is absent with what did not, which is also told to `warnings`. Of an
// external server that fails after some of it was measured, that is kept and the rest is absent. Throws
// run_failed, with the server's last lines, when the server or a reply fails, cannot_measure when the server cannot run here.
LoadSession run_load_session(const Cell& cell, std::uint64_t repetition, const Servers& servers, const Pinning& pinning,
                             double open_rate_per_s, std::vector<std::string>& warnings);

// The rows of a repetition whose server cannot run on this machine: nothing but absence.
std::vector<Observation> absent_load_session(const Cell& cell, std::uint64_t repetition, const std::string& reason);

}  // namespace tare
