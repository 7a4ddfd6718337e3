// SPDX-License-Identifier: Apache-2.0
// Servers that do something their ledger is not told: an allocation, a copy, a system call for each request. They stand
// in for a mistake in the servers; the comparison of the independent counters has to find each one
// (tests/accuracy/counts_test.py).
#include "servers/catalogue.h"

#include "core/error.h"
#include "servers/epoll/loop.h"
#include "servers/epoll/wirings.h"
#include "servers/path/ladder.h"
#include "servers/uring/loop.h"
#include "servers/uring/wirings.h"
#include "servers/variant_of.h"
#include "tests/bench/power/patches.h"

namespace tare {
namespace {

struct PlantedAllocation : AsDescribed {
    static constexpr std::string_view name = "planted_allocation";
    using Input = power::Patched<power::Allocation, 1>;
};
struct PlantedCopy : AsDescribed {
    static constexpr std::string_view name = "planted_copy";
    using Input = power::Patched<power::Copy, 1>;
};
struct PlantedCall : AsDescribed {
    static constexpr std::string_view name = "planted_call";
    using Input = power::Patched<power::Call, 1>;
};

using Planted = TypeList<PlantedAllocation, PlantedCopy, PlantedCall>;

// At rates that divide no window: what a window shows of them is not the same for each request.
struct PlantedAllocation7 : AsDescribed {
    static constexpr std::string_view name = "planted_allocation_in_7";
    using Input = power::Patched<power::Allocation, 7>;
};
struct PlantedCopy333 : AsDescribed {
    static constexpr std::string_view name = "planted_copy_in_333";
    using Input = power::Patched<power::Copy, 333>;
};
struct PlantedCall333 : AsDescribed {
    static constexpr std::string_view name = "planted_call_in_333";
    using Input = power::Patched<power::Call, 333>;
};

using PlantedNowAndThen = TypeList<PlantedAllocation7, PlantedCopy333, PlantedCall333>;

}  // namespace

std::span<const Variant> variants() {
    static const std::vector<Variant> all = [] {
        std::vector<Variant> rows;
        add_all<epoll::Loop>(rows, "epoll", TypeList<epoll::Level>{}, Planted{});
        add_all<epoll::Loop>(rows, "epoll", TypeList<epoll::Level>{}, PlantedNowAndThen{});
        add_all<uring::Loop>(rows, "uring", TypeList<uring::Oneshot>{}, Planted{});
        return rows;
    }();
    return all;
}

std::span<const Alias> aliases() { return {}; }

const Variant& variant_named(std::string_view name) {
    for (const Variant& variant : variants()) {
        if (variant.name == name) return variant;
    }
    throw usage_error("'" + std::string(name) + "' is no planted variant");
}

}  // namespace tare
