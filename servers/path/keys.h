// SPDX-License-Identifier: Apache-2.0
// The Keys decision: where the keys of a get are collected before they are looked up.
#pragma once

#include <cstdlib>
#include <span>
#include <string_view>

#include "core/copy.h"
#include "core/wire/request.h"

namespace tare {

// The number of keys in the text of a get.
inline std::size_t count_keys(std::string_view text) {
    std::size_t keys = 0;
    while (!wire::take_word(text).empty()) ++keys;
    return keys;
}

// Seed, "Avoid keys_ref Vec allocation": the keys are collected into a fresh vector of references.
class HeapKeys {
public:
    explicit HeapKeys(std::string_view text) : count_(count_keys(text)) {
        keys_ = reinterpret_cast<std::string_view*>(allocate_bytes(AllocationSite::keys_ref, count_ * sizeof(std::string_view)));
        for (std::size_t index = 0; index < count_; ++index) new (keys_ + index) std::string_view(wire::take_word(text));
    }
    HeapKeys(const HeapKeys&) = delete;
    HeapKeys& operator=(const HeapKeys&) = delete;
    ~HeapKeys() { std::free(keys_); }
    std::span<const std::string_view> view() const { return {keys_, count_}; }

    static constexpr Counts cost(std::size_t key_count) {
        return Counts{}.allocation(AllocationSite::keys_ref, key_count * sizeof(std::string_view));
    }

private:
    std::string_view* keys_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace tare
