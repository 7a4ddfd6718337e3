// SPDX-License-Identifier: Apache-2.0
// Measured values as texts and as cells of tables, and the one way in which an absent one is written: the word, and a note that
// leads to the reason.
#pragma once

#include <cstdint>
#include <string>

#include "analysis/model/count.h"
#include "analysis/model/merged_histograms.h"
#include "analysis/model/per_request.h"
#include "analysis/model/prices.h"
#include "analysis/model/sample.h"
#include "analysis/report/document.h"

namespace tare::document {

// Four digits or, of large numbers, all before the point.
std::string number(double value);
// "12.5 [12.1, 12.9]" with an interval, "12.5 (11 to 14)" with the range of too few repetitions; the number
// alone where these are one.
std::string estimate(const Estimate& estimate);
// "3 servers", "1 server".
std::string counted(std::size_t count, std::string_view one, std::string_view many);

// Of one of which bounds are known, these with the note.
Text shown(const PerRequest& figure);
// With a note where some repetitions are left out.
Text shown(const Sample& sample);
Text shown_ratio(const Sample& sample);
// With its bounds.
Text shown(const Price& price);
// The total; where an independent counter counted something else, with it: `3 (bpf 6)`.
Text shown(const Count& count);

Cell cell(const PerRequest& figure);
Cell cell(const Count& count);
Cell count(std::uint64_t value);
// Of counts per request under load.
Cell count(const Sample& sample);
Cell ratio(const Sample& sample);
// Of times, and of rates.
Cell time(const Sample& sample);
Cell time(const Price& price);
// A percentile of merged histograms, times a factor.
Cell time(const Merged& merged, double factor);
Cell absent(const std::string& reason);

}  // namespace tare::document
