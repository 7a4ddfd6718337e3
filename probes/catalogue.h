// SPDX-License-Identifier: Apache-2.0
// Every probe that attaches to a running process, one row each.
#pragma once

#include <span>

#include "probes/counters/probe.h"

namespace tare {

std::span<const ProbeInfo> probe_catalogue();

}  // namespace tare
