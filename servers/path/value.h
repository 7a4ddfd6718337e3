// SPDX-License-Identifier: Apache-2.0
// The Value decision: how a stored value gets into the reply.
#pragma once

#include "servers/path/grown_bytes.h"
#include "servers/path/store.h"

namespace tare {

// Seed, "Support get_into() API" names what this is not: the item is cloned, and the clone is written to the reply.
struct ClonedValue {
    template <class Reply>
    static void write(Reply& reply, const Item& item) {
        GrownBytes<AllocationSite::item_clone, Hop::buffer_growth> clone(item.value().size());
        clone.append(Hop::storage_to_clone, item.value());
        reply.value(clone.view());
    }

    static constexpr Counts cost(std::size_t value_bytes) {
        return Counts{}.allocation(AllocationSite::item_clone, value_bytes).copy(Hop::storage_to_clone, value_bytes);
    }
};

}  // namespace tare
