// SPDX-License-Identifier: Apache-2.0
#include "servers/path/store.h"

#include <sys/mman.h>

#include <algorithm>
#include <bit>
#include <ctime>
#include <functional>
#include <new>

#include "core/check.h"
#include "core/copy.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t bucket_count = std::size_t{1} << 18;
constexpr std::int64_t relative_expiry_s_max = std::int64_t{30} * 24 * 60 * 60;

std::int64_t expiry_moment_s(std::int64_t expiry_s) {
    if (expiry_s == 0) return 0;
    if (expiry_s < 0) return 1;
    return expiry_s <= relative_expiry_s_max ? std::time(nullptr) + expiry_s : expiry_s;
}

}  // namespace

void Store::AgeList::push(Item* item) {
    item->newer = nullptr;
    item->older = newest;
    (newest != nullptr ? newest->newer : oldest) = item;
    newest = item;
}

void Store::AgeList::remove(Item* item) {
    (item->newer != nullptr ? item->newer->older : newest) = item->older;
    (item->older != nullptr ? item->older->newer : oldest) = item->newer;
}

Store::Store(std::size_t memory_bytes)
    : page_count_(std::max<std::size_t>(memory_bytes / page_bytes, 1)), page_classes_(page_count_), buckets_(bucket_count) {
    void* const memory =
        ::mmap(nullptr, page_count_ * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw system_failed("reserve memory for the store");
    arena_ = static_cast<char*>(memory);
}

Store::~Store() { ::munmap(arena_, page_count_ * page_bytes); }

Item** Store::bucket_of(std::string_view key) { return &buckets_[std::hash<std::string_view>{}(key) % bucket_count]; }

Item* Store::find(std::string_view key) {
    for (Item* item = *bucket_of(key); item != nullptr; item = item->bucket_next) {
        if (item->key() != key) continue;
        if (item->expires_at_s == 0 || item->expires_at_s > std::time(nullptr)) return item;
        unlink(item);
        return nullptr;
    }
    return nullptr;
}

bool Store::erase(std::string_view key) {
    Item* const item = find(key);
    if (item == nullptr) return false;
    unlink(item);
    return true;
}

bool Store::set(std::string_view key, std::string_view value, std::uint32_t flags, std::int64_t expiry_s) {
    const std::size_t wanted_bytes = std::max(std::bit_ceil(sizeof(Item) + key.size() + value.size()), smallest_chunk_bytes);
    Item* const item = take_chunk(static_cast<std::size_t>(std::countr_zero(wanted_bytes / smallest_chunk_bytes)));
    if (item == nullptr) return false;
    item->flags = flags;
    item->expires_at_s = expiry_moment_s(expiry_s);
    item->key_bytes = static_cast<std::uint8_t>(key.size());
    item->value_bytes = static_cast<std::uint32_t>(value.size());
    copy_bytes(CopyEdge::key_to_storage, item->payload(), key.data(), key.size());
    copy_bytes(CopyEdge::input_to_storage, item->payload() + key.size(), value.data(), value.size());

    erase(key);
    Item** const bucket = bucket_of(key);
    item->bucket_next = *bucket;
    *bucket = item;
    item->stored = true;
    classes_[item->size_class].stored.push(item);
    return true;
}

void Store::unlink(Item* item) {
    Item** link = bucket_of(item->key());
    while (*link != item) link = &(*link)->bucket_next;
    *link = item->bucket_next;
    item->stored = false;
    classes_[item->size_class].stored.remove(item);
    if (item->pins == 0) classes_[item->size_class].free.push(item);
}

void Store::unpin(Item* item) {
    if (--item->pins == 0 && !item->stored) classes_[item->size_class].free.push(item);
}

Item* Store::oldest_unpinned(std::size_t size_class) {
    Item* item = classes_[size_class].stored.oldest;
    while (item != nullptr && item->pins > 0) item = item->newer;
    return item;
}

bool Store::pinned_on(std::size_t page) const {
    const std::size_t chunk_bytes = smallest_chunk_bytes << page_classes_[page];
    for (std::size_t offset = 0; offset + chunk_bytes <= page_bytes; offset += chunk_bytes) {
        if (reinterpret_cast<const Item*>(arena_ + page * page_bytes + offset)->pins > 0) return true;
    }
    return false;
}

Item* Store::take_chunk(std::size_t size_class) {
    check(size_class < size_class_count, "an item larger than a page");
    AgeList& free = classes_[size_class].free;
    if (free.newest == nullptr && !add_page(size_class)) {
        Item* const oldest = oldest_unpinned(size_class);
        if (oldest != nullptr) {
            unlink(oldest);
        } else if (!reassign_page(size_class)) {
            return nullptr;
        }
    }
    Item* const item = free.newest;
    free.remove(item);
    return item;
}

bool Store::add_page(std::size_t size_class) {
    if (pages_used_ == page_count_) return false;
    cut_page(pages_used_++, size_class);
    return true;
}

// Evicts a whole page of another class, in turn, when this class has nothing of its own to evict. A page with a pinned item
// stays: its bytes are being sent.
bool Store::reassign_page(std::size_t size_class) {
    std::size_t page = next_victim_page_++ % page_count_;
    for (std::size_t tried = 1; pinned_on(page); ++tried) {
        if (tried == page_count_) return false;
        page = next_victim_page_++ % page_count_;
    }
    const std::size_t old_class = page_classes_[page];
    const std::size_t chunk_bytes = smallest_chunk_bytes << old_class;
    for (std::size_t offset = 0; offset + chunk_bytes <= page_bytes; offset += chunk_bytes) {
        auto* const item = reinterpret_cast<Item*>(arena_ + page * page_bytes + offset);
        if (item->stored) unlink(item);
        classes_[old_class].free.remove(item);
    }
    cut_page(page, size_class);
    return true;
}

void Store::cut_page(std::size_t page, std::size_t size_class) {
    page_classes_[page] = static_cast<std::uint8_t>(size_class);
    const std::size_t chunk_bytes = smallest_chunk_bytes << size_class;
    for (std::size_t offset = 0; offset + chunk_bytes <= page_bytes; offset += chunk_bytes) {
        auto* const item = new (arena_ + page * page_bytes + offset) Item;
        item->size_class = static_cast<std::uint8_t>(size_class);
        classes_[size_class].free.push(item);
    }
}

}  // namespace tare
