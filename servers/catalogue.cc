// SPDX-License-Identifier: Apache-2.0
#include "servers/catalogue.h"

#include <array>
#include <string>
#include <vector>

#include "core/error.h"
#include "servers/back_ends.h"

namespace tare {

std::span<const Variant> variants() {
    static const std::vector<Variant> all = [] {
        std::vector<Variant> rows;
        epoll::add_variants(rows);
        uring::add_variants(rows);
        return rows;
    }();
    return all;
}

std::span<const Alias> aliases() {
    static constexpr std::array<Alias, 2> all{
        {{"epoll/ideal", "epoll/level/gathered_reply"}, {"uring/ideal", "uring/skip_send_cqe/gathered_reply"}}};
    return all;
}

const Variant& variant_named(std::string_view name) {
    for (const Alias& alias : aliases()) {
        if (alias.name == name) name = alias.variant;
    }
    std::string known;
    for (const Variant& variant : variants()) {
        if (variant.name == name) return variant;
        known += "\n  " + variant.name;
    }
    throw usage_error("'" + std::string(name) + "' is no variant; there are:" + known);
}

}  // namespace tare
