// SPDX-License-Identifier: Apache-2.0
// The servers before the patches.
#include "tests/bench/power/patches.h"

namespace tare {

std::span<const Variant> variants() { return power::variants<power::Unpatched>(); }

}  // namespace tare
