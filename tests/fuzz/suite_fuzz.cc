// SPDX-License-Identifier: Apache-2.0
// Suites: read whole, or refused with what is wrong; never a suite that cannot be told from its text.
#include "harness/bench/suite.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    static const VariantNames variants{{"epoll/level/as_described", "uring/oneshot/as_described", "null/epoll_level/fixed_reply"},
                                       {{"epoll/ideal", "epoll/level/as_described"}}};
    fuzz::refuses_only_by({ExitCode::usage}, [&] {
        const Suite suite = parse_suite(fuzz::text_of(data, size_bytes), "fuzz", "fuzz.toml", variants);
        for (const Cell& cell : suite.cells) fuzz::require(!to_string(cell).empty(), "a cell has a name");
    });
    return 0;
}
