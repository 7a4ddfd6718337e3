// SPDX-License-Identifier: Apache-2.0
// Every variant that this server can be, by name, with how to run it and what it should cost.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/operation.h"
#include "core/snapshot.h"
#include "servers/listener.h"
#include "servers/options.h"

namespace tare {

struct Variant {
    std::string name;  // server/wiring/rung
    std::string description;
    // Announces `ready`, then serves until stop_requested. Throws cannot_measure before that when the machine refuses what
    // the variant needs.
    void (*run)(const Listener& listener, const ServerOptions& options, std::string_view name);
    // What one request costs in lockstep, quantity by quantity; absent where it depends on more than the design.
    Snapshot (*predict)(const Workload& workload);
};

std::span<const Variant> variants();

// Another name for a variant: the best of a back end, by its counts in the suite `ladders`.
struct Alias {
    std::string_view name;
    std::string_view variant;
};
std::span<const Alias> aliases();

// By name or other name. Throws usage_error that lists what there is.
const Variant& variant_named(std::string_view name);

}  // namespace tare
