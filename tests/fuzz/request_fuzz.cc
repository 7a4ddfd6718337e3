// SPDX-License-Identifier: Apache-2.0
// The servers' request parser: it stays within its input, and what it reads does not depend on where the input was cut.
#include "core/wire/request.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

namespace {

bool is_within(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    std::string_view left = fuzz::text_of(data, size_bytes);
    while (!left.empty()) {
        const wire::Parsed parsed = wire::parse(left);
        fuzz::require(parsed.consumed_bytes <= left.size(), "no more is consumed than there is");
        for (const std::string_view part : {parsed.keys, parsed.key, parsed.value})
            fuzz::require(is_within(part, left), "views point into the input");
        if (parsed.kind == wire::Kind::incomplete) {
            fuzz::require(parsed.needed_bytes > left.size(), "an incomplete request needs more than there is");
            return 0;
        }
        if (parsed.kind == wire::Kind::close || parsed.consumed_bytes == 0) return 0;
        const wire::Parsed again = wire::parse(left.substr(0, parsed.consumed_bytes));
        fuzz::require(again.kind == parsed.kind && again.consumed_bytes == parsed.consumed_bytes,
                      "a request is the same without what follows it");
        left.remove_prefix(parsed.consumed_bytes);
    }
    return 0;
}
