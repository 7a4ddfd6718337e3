// SPDX-License-Identifier: Apache-2.0
// What is counted of a system call beside its entry, by gate and number, and how the counts are named: one rule for the BPF
// programs (system_calls.bpf.c) and for a tracer's stops (harness/trace/call_counter.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "probes/bpf/shared/system_calls.h"

namespace tare {

// By the places of the tables: gate * call_numbers + number.
using CallTraits = std::array<std::uint8_t, call_places>;
CallTraits call_traits();

std::string name_of_call_place(std::size_t place);

// More numbers beyond the tables than there is room for.
inline constexpr const char* unnamed_calls = "other numbers";

inline constexpr std::array<const char*, futex_end_count> futex_end_names = [] {
    std::array<const char*, futex_end_count> names{};
    names[futex_woken] = "woken";
    names[futex_timed_out] = "timed_out";
    names[futex_interrupted] = "interrupted";
    return names;
}();

}  // namespace tare
