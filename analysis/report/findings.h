// SPDX-License-Identifier: Apache-2.0
// All that the sections of any run's report are made of.
#pragma once

#include "analysis/model/contrast_findings.h"
#include "analysis/model/load_measurements.h"
#include "analysis/model/measurements.h"
#include "analysis/model/prices.h"
#include "run/run_reader.h"

namespace tare {

struct Findings {
    const Run& run;
    const Measurements& measured;
    LoadMeasurements load;
    Prices prices;
    std::vector<ContrastFinding> contrasts = {};
};

}  // namespace tare
