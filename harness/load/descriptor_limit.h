// SPDX-License-Identifier: Apache-2.0
// How many descriptors this process, and every server that it starts from then on, may have open.
#pragma once

#include <cstdint>

namespace tare {

// Raises the soft limit so that `connections` fit beside everything else. Throws cannot_measure, naming the hard limit, when
// it does not suffice.
void allow_connections(std::uint64_t connections);

}  // namespace tare
