// SPDX-License-Identifier: Apache-2.0
// The rungs of the request path. Each is the rung below it with one decision re-stated.
#pragma once

#include <string_view>

#include "servers/path/input.h"
#include "servers/path/keys.h"
#include "servers/path/reply.h"
#include "servers/path/value.h"
#include "servers/type_list.h"

namespace tare {

// Seed, Breakdown by Operation: what both servers do today.
struct AsDescribed {
    static constexpr std::string_view name = "as_described";
    static constexpr std::string_view description = "input copied, keys in a vector, item cloned, reply in a growing vector";
    using Input = CopiedInput;
    using Keys = HeapKeys;
    using Value = ClonedValue;
    using Reply = OwnedReply;
};

using Ladder = TypeList<AsDescribed>;

}  // namespace tare
