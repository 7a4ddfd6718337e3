// SPDX-License-Identifier: Apache-2.0
// What every instrument offers: counters of one target, a process or a tree, that only grow and are only read.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core/row_terms.h"
#include "core/snapshot.h"
#include "probes/attach/target.h"

namespace tare {

class FunctionProbe;

class Probe {
public:
    Probe() = default;
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    virtual ~Probe() = default;

    // The counts since the probe was attached. The caller subtracts two readings for a window.
    virtual Snapshot read() = 0;

    // Updates that it could not record since it was attached; a window in which this grows is refused. 0 for a probe
    // that only reads counters which others keep.
    virtual Measured<std::uint64_t> lost_events() { return 0; }

    // The probe as one of functions in user space, which must be shown the files of a tree; nullptr for any other.
    virtual FunctionProbe* functions() { return nullptr; }
};

// In which windows a probe takes part. Counts and times never come from one window: probes cost what they watch.
enum class ProbeKind : std::uint8_t {
    counter,       // adds little or nothing to an event: counts in lockstep and under load
    slow_counter,  // a trap for each event: counts in lockstep only
    timer,         // adds nothing: for windows that are timed
};

// One row of the catalogue.
struct ProbeInfo {
    std::string_view name;
    Source source;
    ProbeKind kind;
    std::string_view description;
    std::span<const std::string_view> metrics;  // whose totals it reads
    // Throws cannot_measure with the reason when this machine or this process does not allow it.
    std::unique_ptr<Probe> (*attach)(const Target& target);
    // What it adds is measured around `event`, done `count` times; nullptr for a probe that adds nothing to the target.
    std::string_view event;
    void (*exercise)(std::uint64_t count);
};

// Attaches, or stands in for what cannot be attached: then every total of the row is absent with the reason. Throws
// run_failed when there is no such process.
std::unique_ptr<Probe> attach_or_absent(const ProbeInfo& info, const Target& target);

}  // namespace tare
