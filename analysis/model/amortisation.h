// SPDX-License-Identifier: Apache-2.0
// How the calls of a request shrink when one wait brings many completions. What is found by measuring is B, the completions
// (io_uring) or readiness events (epoll) that one wait returns, over the number of connections. What follows from it is no
// finding: calls per request = others + awaited / B, by B's definition. Its residual checks the counting.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/load_measurements.h"

namespace tare {

// One counted cell under load.
struct Batch {
    CellKey cell;
    Sample calls;     // system calls per request
    Sample size;      // B
    Sample others;    // calls that do not wait, per request, summed by name
    Sample awaited;   // completions per request
    Sample residual;  // calls less others less awaited / B: the calls by the first independent counter, the rest by BPF where it
                      // counted

    bool present() const { return calls.present() && size.present(); }
};

// One variant and workload over its numbers of connections.
struct Amortisation {
    CellKey workload;            // of the cells, with connections 0
    std::vector<Batch> batches;  // by growing connections
    std::size_t compared = 0;    // cells in which ledger and BPF both counted
    std::size_t agreed = 0;      // and said the same of system calls and of completions
};

// The waiting call of a cell, "io_uring_enter" or "epoll_wait", and what it waits for; by what was counted.
struct WaitingCall {
    std::string call;
    std::string awaited;  // a metric
};
std::optional<WaitingCall> waiting_call(const LoadMeasurements& load, const CellKey& counted);

// Of every variant and workload that was counted under load, in the run's order.
std::vector<Amortisation> amortisations(const LoadMeasurements& load);

}  // namespace tare
