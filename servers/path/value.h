// SPDX-License-Identifier: Apache-2.0
// The Value decision: how a stored value gets into the reply, and with it what a reply is made of on its way out.
#pragma once

#include "servers/path/byte_buffer.h"
#include "servers/path/gathered_output.h"
#include "servers/path/grown_bytes.h"
#include "servers/path/store.h"

namespace tare {

// Reference document, "Support get_into() API" names what this is not: the item is cloned, and the clone is written to the reply.
struct ClonedValue {
    using Output = ByteBuffer;

    template <class Writer>
    static void write(Writer& reply, Store& /*store*/, Item& item) {
        GrownBytes<AllocationSite::item_clone, CopyEdge::buffer_growth> clone(item.value().size());
        clone.append(CopyEdge::storage_to_clone, item.value());
        reply.value(clone.view());
    }

    // Of the value alone; what the reply does with it is the reply's.
    static constexpr Counts cost(std::size_t value_bytes) {
        if (value_bytes == 0) return {};  // nothing is allocated for nothing
        return Counts{}.allocation(AllocationSite::item_clone, value_bytes).copy(CopyEdge::storage_to_clone, value_bytes);
    }
    static constexpr bool copied_by_reply = true;
};

// Reference document, "Storage: Support `get_into()` API": copied once, from the item into the reply.
struct CopiedValue {
    using Output = ByteBuffer;

    template <class Writer>
    static void write(Writer& reply, Store& /*store*/, Item& item) {
        reply.value(item.value());
    }

    static constexpr Counts cost(std::size_t /*value_bytes*/) { return {}; }
    static constexpr bool copied_by_reply = true;
};

// Reference document, "mio: Use `writev` for scatter-gather", for both back ends: not copied at all. The item is pinned until the
// socket has taken it.
struct GatheredValue {
    using Output = GatheredOutput;

    template <class Writer>
    static void write(Writer& reply, Store& store, Item& item) {
        reply.value(PinnedItem(store, item));
    }

    static constexpr Counts cost(std::size_t /*value_bytes*/) { return {}; }
    static constexpr bool copied_by_reply = false;
};

}  // namespace tare
