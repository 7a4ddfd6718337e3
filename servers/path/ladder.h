// SPDX-License-Identifier: Apache-2.0
// The rungs of the request path. Each is the rung below it with one decision re-stated; the names and their order are the
// list at the end.
#pragma once

#include <string_view>
#include <type_traits>

#include "servers/path/input.h"
#include "servers/path/keys.h"
#include "servers/path/reply.h"
#include "servers/path/value.h"
#include "servers/type_list.h"

namespace tare {

// Reference document, Breakdown by Operation: what both servers do today.
struct AsDescribed {
    static constexpr std::string_view name = "as_described";
    static constexpr std::string_view description = "input copied, keys in a vector, item cloned, reply in a growing vector";
    using Input = CopiedInput;
    using Keys = HeapKeys;
    using Value = ClonedValue;
    using Reply = OwnedReply;
};

struct InPlaceInput : AsDescribed {
    static constexpr std::string_view name = "in_place_input";
    static constexpr std::string_view description = "parsed where it was received";
    using Input = BorrowedInput;
};

struct InlineKeys : InPlaceInput {
    static constexpr std::string_view name = "inline_keys";
    static constexpr std::string_view description = "and keys in an array of fixed size";
    using Keys = ArrayKeys;
};

struct DirectReply : InlineKeys {
    static constexpr std::string_view name = "direct_reply";
    static constexpr std::string_view description = "and replies written straight to the write buffer";
    using Reply = ReplyInto;
};

struct GetInto : DirectReply {
    static constexpr std::string_view name = "get_into";
    static constexpr std::string_view description = "and values copied straight from the item";
    using Value = CopiedValue;
};

struct GatheredReply : GetInto {
    static constexpr std::string_view name = "gathered_reply";
    static constexpr std::string_view description = "and values sent from the item, which is pinned until then";
    using Value = GatheredValue;
};

using Ladder = TypeList<AsDescribed, InPlaceInput, InlineKeys, DirectReply, GetInto, GatheredReply>;

// In how many decisions two rungs differ.
template <class Lower, class Upper>
inline constexpr int decisions_apart =
    !std::is_same_v<typename Lower::Input, typename Upper::Input> + !std::is_same_v<typename Lower::Keys, typename Upper::Keys> +
    !std::is_same_v<typename Lower::Value, typename Upper::Value> + !std::is_same_v<typename Lower::Reply, typename Upper::Reply>;

template <class First>
constexpr bool one_decision_a_rung(TypeList<First>) {
    return true;
}

template <class Lower, class Upper, class... Higher>
constexpr bool one_decision_a_rung(TypeList<Lower, Upper, Higher...>) {
    return decisions_apart<Lower, Upper> == 1 && one_decision_a_rung(TypeList<Upper, Higher...>{});
}

static_assert(one_decision_a_rung(Ladder{}));

}  // namespace tare
