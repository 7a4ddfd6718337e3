// SPDX-License-Identifier: Apache-2.0
// Who wins: times by the interval of a ratio, counts by every repetition.
#pragma once

#include <string>

#include "analysis/sample.h"

namespace tare::sections {

// `below` when the ratio is surely below 1, `above` when it is surely above, else that nothing is detected or decided.
std::string verdict_on(const Estimate& ratio, const std::string& below, const std::string& above);

// Of counts under load, which are exact for their windows: the one that has fewer in every repetition than the other has in
// any. Both must be present.
std::string fewer(const Sample& uring, const Sample& epoll);

}  // namespace tare::sections
