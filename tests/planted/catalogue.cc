// SPDX-License-Identifier: Apache-2.0
// Servers that do something their ledger is not told: an allocation, a copy, a system call for each request, or for one in 100
// or 1000. They stand in for a mistake in the servers; the comparison of the witnesses has to find each one (tests/end_to_end),
// and the comparison of two revisions, too (tests/power).
#include "servers/catalogue.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "servers/epoll/level.h"
#include "servers/epoll/loop.h"
#include "servers/path/ladder.h"
#include "servers/uring/loop.h"
#include "servers/uring/oneshot.h"
#include "servers/variant_of.h"

namespace tare {
namespace {

// What is done at one request in so many. The loops have one thread.
template <std::uint64_t every, class Deed>
void at_one_in(const Deed& deed) {
    static std::uint64_t requests = 0;
    if (++requests % every == 0) deed();
}

template <std::uint64_t every>
struct UntoldAllocation : CopiedInput {
    explicit UntoldAllocation(std::string_view accumulated) : CopiedInput(accumulated) {
        at_one_in<every>([] {
            void* memory = std::malloc(24);
            asm volatile("" : "+r"(memory));  // or the compiler drops the pair
            std::free(memory);
        });
    }
};

template <std::uint64_t every>
struct UntoldCopy : CopiedInput {
    explicit UntoldCopy(std::string_view accumulated) : CopiedInput(accumulated) {
        at_one_in<every>([&] {
            std::array<char, 64> to;
            std::size_t size_bytes = std::min(to.size(), accumulated.size());
            asm volatile("" : "+r"(size_bytes));  // or the compiler moves the bytes itself
            std::memmove(to.data(), accumulated.data(), size_bytes);
            asm volatile("" ::"r"(to.data()) : "memory");
        });
    }
};

template <std::uint64_t every>
struct UntoldCall : CopiedInput {
    explicit UntoldCall(std::string_view accumulated) : CopiedInput(accumulated) {
        at_one_in<every>([] { ::syscall(SYS_getppid); });
    }
};

template <class Planted>
struct With : AsDescribed {
    using Input = Planted;
};
struct PlantedAllocation : With<UntoldAllocation<1>> {
    static constexpr std::string_view name = "planted_allocation";
};
struct PlantedCopy : With<UntoldCopy<1>> {
    static constexpr std::string_view name = "planted_copy";
};
struct PlantedCall : With<UntoldCall<1>> {
    static constexpr std::string_view name = "planted_call";
};
struct RareAllocation : With<UntoldAllocation<100>> {
    static constexpr std::string_view name = "planted_allocation_100";
};
struct RareCopy : With<UntoldCopy<100>> {
    static constexpr std::string_view name = "planted_copy_100";
};
struct RareCall : With<UntoldCall<100>> {
    static constexpr std::string_view name = "planted_call_100";
};
struct RarestAllocation : With<UntoldAllocation<1000>> {
    static constexpr std::string_view name = "planted_allocation_1000";
};
struct RarestCopy : With<UntoldCopy<1000>> {
    static constexpr std::string_view name = "planted_copy_1000";
};
struct RarestCall : With<UntoldCall<1000>> {
    static constexpr std::string_view name = "planted_call_1000";
};

using Planted = TypeList<PlantedAllocation, PlantedCopy, PlantedCall>;
using PlantedRarely = TypeList<RareAllocation, RareCopy, RareCall, RarestAllocation, RarestCopy, RarestCall>;

}  // namespace

std::span<const Variant> variants() {
    static const std::vector<Variant> all = [] {
        std::vector<Variant> rows;
        add_all<epoll::Loop>(rows, "epoll", TypeList<epoll::Level>{}, Planted{});
        add_all<epoll::Loop>(rows, "epoll", TypeList<epoll::Level>{}, PlantedRarely{});
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
