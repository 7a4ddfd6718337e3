// SPDX-License-Identifier: Apache-2.0
// A server before and after a patch, under the same names: what the published power of the comparison is measured on. A patch
// does one thing more at one read in so many, or spins; neither ledger nor prediction is told of it.
#pragma once

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "servers/catalogue.h"
#include "servers/epoll/loop.h"
#include "servers/epoll/wirings.h"
#include "servers/path/ladder.h"
#include "servers/variant_of.h"

namespace tare::power {

struct Allocation {
    static void happen(std::string_view) {
        void* memory = std::malloc(24);
        asm volatile("" : "+r"(memory));  // or the compiler drops the pair
        std::free(memory);
    }
};

// Of 64 bytes, by the C library.
struct Copy {
    static void happen(std::string_view accumulated) {
        std::array<char, 64> from{};
        std::array<char, 64> to;
        std::size_t size_bytes = to.size();
        asm volatile("" : "+r"(size_bytes) : "r"(accumulated.data()));  // or the compiler moves the bytes itself
        std::memmove(to.data(), from.data(), size_bytes);
        asm volatile("" ::"r"(to.data()) : "memory");
    }
};

struct Call {
    static void happen(std::string_view) { ::syscall(SYS_getppid); }
};

// Turns of a loop that nothing else runs beside; how many stand for a percent of a request's CPU time, who measures says.
template <unsigned percent>
struct Spin {
    static void happen(std::string_view) {
        static const unsigned long turns = percent * turns_per_percent();
        for (unsigned long turn = 0; turn < turns; ++turn) asm volatile("" ::"r"(turn));
    }
    static unsigned long turns_per_percent() {
        const char* const text = std::getenv("TARE_TURNS_PER_PERCENT");
        return text == nullptr ? 0 : std::strtoul(text, nullptr, 10);
    }
};

// After the patch: at every so many-th read of input.
template <class Event, unsigned every>
struct Patched : CopiedInput {
    explicit Patched(std::string_view accumulated) : CopiedInput(accumulated) {
        static unsigned reads = 0;
        if (++reads % every == 0) Event::happen(accumulated);
    }
};

// Before it.
template <class, unsigned>
struct Unpatched : CopiedInput {
    using CopiedInput::CopiedInput;
};

// The servers of a program, all with as_described's path; a name says what its patch does, once in how many requests, or how
// many percent it spins.
template <template <class, unsigned> class Each>
struct Rungs {
    struct Clean : AsDescribed {
        static constexpr std::string_view name = "clean";
    };
    struct Allocation1 : AsDescribed {
        static constexpr std::string_view name = "allocation_in_1";
        using Input = Each<Allocation, 1>;
    };
    struct Allocation100 : AsDescribed {
        static constexpr std::string_view name = "allocation_in_100";
        using Input = Each<Allocation, 100>;
    };
    struct Allocation1000 : AsDescribed {
        static constexpr std::string_view name = "allocation_in_1000";
        using Input = Each<Allocation, 1000>;
    };
    struct Copy1 : AsDescribed {
        static constexpr std::string_view name = "copy_in_1";
        using Input = Each<Copy, 1>;
    };
    struct Copy100 : AsDescribed {
        static constexpr std::string_view name = "copy_in_100";
        using Input = Each<Copy, 100>;
    };
    struct Copy1000 : AsDescribed {
        static constexpr std::string_view name = "copy_in_1000";
        using Input = Each<Copy, 1000>;
    };
    struct Call1 : AsDescribed {
        static constexpr std::string_view name = "call_in_1";
        using Input = Each<Call, 1>;
    };
    struct Call100 : AsDescribed {
        static constexpr std::string_view name = "call_in_100";
        using Input = Each<Call, 100>;
    };
    struct Call1000 : AsDescribed {
        static constexpr std::string_view name = "call_in_1000";
        using Input = Each<Call, 1000>;
    };
    struct Spin5 : AsDescribed {
        static constexpr std::string_view name = "spin_5";
        using Input = Each<Spin<5>, 1>;
    };
    struct Spin20 : AsDescribed {
        static constexpr std::string_view name = "spin_20";
        using Input = Each<Spin<20>, 1>;
    };
    using All = TypeList<Clean, Allocation1, Allocation100, Allocation1000, Copy1, Copy100, Copy1000, Call1, Call100, Call1000,
                         Spin5, Spin20>;
};

template <template <class, unsigned> class Each>
std::span<const Variant> variants() {
    static const std::vector<Variant> all = [] {
        std::vector<Variant> rows;
        add_all<epoll::Loop>(rows, "epoll", TypeList<epoll::Level>{}, typename Rungs<Each>::All{});
        return rows;
    }();
    return all;
}

}  // namespace tare::power
