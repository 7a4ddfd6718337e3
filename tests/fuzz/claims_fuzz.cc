// SPDX-License-Identifier: Apache-2.0
// Claims: read whole, or refused with what is wrong.
#include "analysis/claims/claim.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    fuzz::refuses_only_by({ExitCode::usage}, [&] { parse_claims(fuzz::text_of(data, size_bytes), "claims.toml"); });
    return 0;
}
