// SPDX-License-Identifier: Apache-2.0
// All sources that watch one server, read together at the edges of a window.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/measured.h"
#include "probes/attach/target.h"
#include "probes/counters/ledger_page.h"
#include "probes/counters/probe.h"

namespace tare {

// What each source saw, by the name of the source.
using Sources = std::map<std::string, Snapshot>;

// Every reading absent for this reason; the parts are dropped.
Snapshot absent_totals(const Snapshot& snapshot, const std::string& reason);

// The probes of a window in lockstep, of one under load, and of one that is timed.
inline constexpr std::array lockstep_probes{ProbeKind::counter, ProbeKind::slow_counter};
inline constexpr std::array load_probes{ProbeKind::counter};
inline constexpr std::array timed_probes{ProbeKind::timer};

class Instruments {
public:
    // Attaches the catalogue's probes of these kinds; what cannot be attached reads as absent. `ledger` is nullptr for a build
    // that keeps none. Throws run_failed when there is no such process.
    Instruments(const Target& target, const LedgerFile* ledger, std::span<const ProbeKind> kinds);

    Sources read();

private:
    struct Attached {
        const ProbeInfo* info;
        std::unique_ptr<Probe> probe;
    };
    std::vector<Attached> probes_;
    const LedgerFile* ledger_;
};

// Close minus open for every source. A source that lost events in between is absent as a whole.
Sources window_between(const Sources& open, const Sources& close);

}  // namespace tare
