// SPDX-License-Identifier: Apache-2.0
// What every fuzz target shares: an input as text, and the errors that bad input may end in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

#include "core/error.h"

namespace tare::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size_bytes) {
    return {reinterpret_cast<const char*>(data), size_bytes};
}

// Ends the program, so that the fuzzer keeps the input, when what must hold of it does not.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

// Runs `work`, which may refuse its input by an Error of these codes and in no other way.
template <class Work>
void refuses_only_by(std::initializer_list<ExitCode> codes, const Work& work) {
    try {
        work();
    } catch (const Error& error) {
        bool allowed = false;
        for (const ExitCode code : codes) allowed = allowed || error.code() == code;
        require(allowed, error.what());
    }
}

}  // namespace tare::fuzz
