// SPDX-License-Identifier: Apache-2.0
// The cache itself: a fixed arena of items and a fixed hash table, so that nothing is allocated after construction.
// When the arena is full the oldest item of the same size class makes room.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/counts.h"

namespace tare {

// An item in place: this header, then the key, then the value.
struct Item {
    Item* newer = nullptr;  // neighbours in the list of its size class: free chunks, or stored items by age
    Item* older = nullptr;
    Item* bucket_next = nullptr;
    std::int64_t expires_at_s = 0;  // seconds since the epoch; 0 is never
    std::uint32_t flags = 0;
    std::uint32_t value_bytes = 0;
    std::uint8_t key_bytes = 0;
    std::uint8_t size_class = 0;
    bool stored = false;
    std::uint32_t pins = 0;  // a pinned item that is no longer stored keeps its bytes until the last pin is gone

    char* payload() { return reinterpret_cast<char*>(this + 1); }
    const char* payload() const { return reinterpret_cast<const char*>(this + 1); }
    std::string_view key() const { return {payload(), key_bytes}; }
    std::string_view value() const { return {payload() + key_bytes, value_bytes}; }
};

class Store {
public:
    // Reserves `memory_bytes` of address space (at least one page of 2 MiB); throws run_failed when it is refused.
    explicit Store(std::size_t memory_bytes);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    ~Store();

    // The live item, or nullptr. It stays in place until the next set or erase, or as long as it is pinned.
    Item* find(std::string_view key);
    // Copies key and value into an item of their own; false when no memory can be freed for it. `expiry_s` as in the
    // protocol: 0 never, negative at once, up to 30 days from now, else seconds since the epoch.
    bool set(std::string_view key, std::string_view value, std::uint32_t flags, std::int64_t expiry_s);
    // Whether there was a live item.
    bool erase(std::string_view key);
    // One pin less; the last one frees an item that is no longer stored.
    void unpin(Item* item);

    // The copies of one set() of these sizes.
    static constexpr Counts set_cost(std::size_t key_bytes, std::size_t value_bytes) {
        return Counts{}.copy(CopyEdge::key_to_storage, key_bytes).copy(CopyEdge::input_to_storage, value_bytes);
    }

private:
    struct AgeList {
        Item* newest = nullptr;
        Item* oldest = nullptr;
        void push(Item* item);
        void remove(Item* item);
    };
    struct SizeClass {
        AgeList free;
        AgeList stored;
    };
    static constexpr std::size_t page_bytes = std::size_t{2} << 20;
    static constexpr std::size_t smallest_chunk_bytes = 64;
    static constexpr std::size_t size_class_count = 16;  // 64 bytes, doubling up to a whole page

    Item** bucket_of(std::string_view key);
    void unlink(Item* item);
    Item* oldest_unpinned(std::size_t size_class);
    bool pinned_on(std::size_t page) const;
    Item* take_chunk(std::size_t size_class);
    bool add_page(std::size_t size_class);
    bool reassign_page(std::size_t size_class);
    void cut_page(std::size_t page, std::size_t size_class);

    char* arena_ = nullptr;
    std::size_t page_count_ = 0;
    std::size_t pages_used_ = 0;
    std::size_t next_victim_page_ = 0;
    std::vector<std::uint8_t> page_classes_;
    std::vector<Item*> buckets_;
    std::array<SizeClass, size_class_count> classes_{};
};

// Holds an item where it is, whatever becomes of its key. Empty when moved from.
class PinnedItem {
public:
    PinnedItem() = default;
    PinnedItem(Store& store, Item& item) : store_(&store), item_(&item) { ++item.pins; }
    PinnedItem(PinnedItem&& other) noexcept : store_(other.store_), item_(std::exchange(other.item_, nullptr)) {}
    PinnedItem& operator=(PinnedItem&&) = delete;
    ~PinnedItem() {
        if (item_ != nullptr) store_->unpin(item_);
    }

    explicit operator bool() const { return item_ != nullptr; }
    const Item* operator->() const { return item_; }

private:
    Store* store_ = nullptr;
    Item* item_ = nullptr;
};

}  // namespace tare
