// SPDX-License-Identifier: Apache-2.0
// What was counted of processes that one attached to: as text for people, as rows of observations.csv, as JSON. Nothing is
// subtracted: what the idle rate lets expect in the window stands beside what was counted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/trace/attach_window.h"

namespace tare {

// `requests` in the counted window, where it is known; else rows of CSV are per run, the window as a whole.
std::string as_text(const Attachment& attachment, std::optional<std::uint64_t> requests);
std::string as_csv(const Attachment& attachment, std::optional<std::uint64_t> requests);
std::string as_json(const Attachment& attachment, std::optional<std::uint64_t> requests);

// The length of a window in whole milliseconds, at least 1: the divisor of an idle window's rows.
std::uint64_t milliseconds_of(const AttachedWindow& window);

}  // namespace tare
