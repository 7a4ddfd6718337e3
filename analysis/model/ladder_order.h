// SPDX-License-Identifier: Apache-2.0
// The order in which the reference servers' I/O strategies and optimisation levels build on one another, which is not that of the
// alphabet. `tare list servers` prints them in this order, and a test holds the two together.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "run/observation.h"

namespace tare {

inline constexpr std::array<std::string_view, 6> rungs_in_order{"as_described", "in_place_input", "inline_keys",
                                                                "direct_reply", "get_into",       "gathered_reply"};
inline constexpr std::array<std::string_view, 14> wirings_in_order{
    "level",         "edge_drain", "edge_short_read", "rearm",          "oneshot",       "lent_buffers",       "multishot",
    "skip_send_cqe", "linked",     "sqpoll",          "zero_copy_send", "plain_taskrun", "direct_descriptors", "bundle"};

// Whether `left` stands before `right`: by server, by wiring, by rung. What has another name stands behind all that have these.
inline bool stands_before(const VariantName& left, const VariantName& right) {
    const auto place = [](const auto& order, std::string_view name) {
        return std::find(order.begin(), order.end(), name) - order.begin();
    };
    const auto rank = [&](const VariantName& variant) {
        return std::tuple<std::string_view, std::ptrdiff_t, std::ptrdiff_t>(
            variant.server, place(wirings_in_order, variant.wiring), place(rungs_in_order, variant.rung));
    };
    return rank(left) < rank(right);
}

}  // namespace tare
