// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/call_traits.h"

#include <span>

#include "probes/counters/system_call_name.h"

namespace tare {
namespace {

constexpr std::array<Gate, gate_count> all_gates{Gate::native, Gate::i386, Gate::x32};

void give_trait(CallTraits& traits, std::uint8_t trait, std::span<const char* const> names) {
    for (std::size_t gate = 0; gate < all_gates.size(); ++gate) {
        for (const char* const name : names) {
            const auto number = system_call_number(name, all_gates[gate]);
            if (number && *number < call_numbers) traits[gate * call_numbers + static_cast<std::size_t>(*number)] |= trait;
        }
    }
}

}  // namespace

CallTraits call_traits() {
    CallTraits traits{};
    give_trait(traits, read_like | sized, std::array{"read", "write", "pread64", "pwrite64", "recvfrom", "sendto"});
    give_trait(traits, read_like, std::array{"readv", "writev", "recvmsg", "sendmsg"});
    give_trait(traits, counts_events, std::array{"epoll_wait", "epoll_pwait", "epoll_pwait2"});
    give_trait(traits, futex_like, std::array{"futex"});
    give_trait(traits, futex_waiting, std::array{"futex_wait", "futex_waitv"});
    return traits;
}

std::string name_of_call_place(std::size_t place) {
    return system_call_name(static_cast<std::int64_t>(place % call_numbers), all_gates[place / call_numbers]);
}

}  // namespace tare
