// SPDX-License-Identifier: Apache-2.0
// Constants of the reference document. What it calls a small value is small_value_bytes in analysis/model/measurements.h, because
// every table of small values goes by it; which variants stand for its "ideal" is in analysis/model/ideals.h.
#pragma once

namespace tare::reference_document {

inline constexpr double requests_per_s = 200'000;  // "At 200K QPS" (line 148)

}  // namespace tare::reference_document
