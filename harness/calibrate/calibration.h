// SPDX-License-Identifier: Apache-2.0
// What this machine charges for one event of a kind: the CPU time that a server's thread would pay for it, measured anew for
// each run because nanoseconds never transfer. How often a server does it is counted elsewhere.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/measured.h"
#include "harness/calibrate/subject.h"
#include "harness/process/cpu_affinity.h"

namespace tare {

struct Calibration {
    std::string name;
    std::uint64_t argument = 1;
    std::string argument_unit;         // what `argument` counts: bytes, events …
    Measured<std::vector<double>> ns;  // CPU time of the thread for one event, one value for each repetition; never empty
};

struct CalibrationEffort {
    unsigned repetitions = 3;
    double min_time_s = 0.01;   // that each repetition of an event without a peer measures at least
    unsigned round_count = 64;  // of each repetition with a peer: their turns take long on a busy machine
};

// Every subject, on the server's core of `pinning` with the peers on the client's; about eight seconds with the default effort on
// a quiet machine, and at once when interrupted. What this machine does not allow is a row that says why. Throws run_failed when
// a core cannot be used.
std::vector<Calibration> calibrate(const Pinning& pinning, const CalibrationEffort& effort = {});

// The same for other subjects.
std::vector<Calibration> calibrate(const calibration::Subjects& subjects, int cpu, const CalibrationEffort& effort);

// One object a row: name, argument, argument_unit, and `ns`, or `status` with `absent:` and the reason.
nlohmann::json to_json(const std::vector<Calibration>& rows);

// The same subjects calibrated twice, before and after what they are the prices of: the second time as `ns_after`. Absent where
// either is: half a price would hide how far it drifted.
nlohmann::json to_json(const std::vector<Calibration>& before, const std::vector<Calibration>& after);

// Asserts that it is not absent.
double median_ns(const Calibration& row);

}  // namespace tare
