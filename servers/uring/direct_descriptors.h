// SPDX-License-Identifier: Apache-2.0
// Wiring `direct_descriptors`: connections live in the ring's own table, so no entry looks up a descriptor.
#pragma once

#include "servers/uring/multishot.h"

namespace tare::uring {

struct DirectDescriptors : Multishot {
    static constexpr std::string_view name = "direct_descriptors";
    static constexpr std::string_view description = "io_uring, connections in the ring's own table";
    static constexpr bool direct_descriptors = true;
};

}  // namespace tare::uring
