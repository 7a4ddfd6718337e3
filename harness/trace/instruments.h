// SPDX-License-Identifier: Apache-2.0
// All sources that watch one server, read together at the edges of a window.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/row_terms.h"
#include "core/snapshot.h"
#include "probes/attach/target.h"
#include "probes/counters/ledger_page.h"
#include "probes/counters/probe.h"
#include "probes/counters/user_counter.h"

namespace tare {

// What each source saw.
using Sources = std::map<Source, Snapshot>;

// The probes of a window in lockstep, of one under load, and of one that is timed.
inline constexpr std::array lockstep_probes{ProbeKind::counter, ProbeKind::slow_counter};
inline constexpr std::array load_probes{ProbeKind::counter};
inline constexpr std::array timed_probes{ProbeKind::timer};

class Instruments {
public:
    // Attaches the catalogue's probes of these kinds, and with slow ones the user's counters; what cannot be attached reads as
    // absent. `ledger` is nullptr for a build that keeps none. Throws run_failed when there is no such process.
    enum class Skips : std::uint8_t { nothing, bpf };
    Instruments(const Target& target, const LedgerFile* ledger, std::span<const ProbeKind> kinds,
                std::span<const UserCounter> counters = {}, Skips skips = Skips::nothing);

    Sources read();

private:
    struct Attached {
        Source source;
        std::string name;
        std::unique_ptr<Probe> probe;
    };
    std::vector<Attached> probes_;
    const LedgerFile* ledger_;
};

// Close minus open for every source. A source that lost events in between is absent as a whole.
Sources window_between(const Sources& open, const Sources& close);

}  // namespace tare
