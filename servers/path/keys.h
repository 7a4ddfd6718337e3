// SPDX-License-Identifier: Apache-2.0
// The Keys decision: where the keys of a get are collected before they are looked up.
#pragma once

#include <array>
#include <cstdlib>
#include <new>
#include <string_view>

#include "core/copy.h"
#include "core/wire/request.h"

namespace tare {

// Reference document, "Avoid keys_ref Vec allocation": the keys are collected into a fresh vector of references.
struct HeapKeys {
    // Hands each key of the text of a get to `use`.
    template <class Use>
    static void for_each(std::string_view text, const Use& use) {
        std::size_t count = 0;
        for (std::string_view rest = text; !wire::take_word(rest).empty();) ++count;
        auto* const keys =
            reinterpret_cast<std::string_view*>(allocate_bytes(AllocationSite::keys_ref, count * sizeof(std::string_view)));
        for (std::size_t index = 0; index < count; ++index) new (keys + index) std::string_view(wire::take_word(text));
        for (std::size_t index = 0; index < count; ++index) use(keys[index]);
        std::free(keys);
    }

    static constexpr Counts cost(std::size_t key_count) {
        return Counts{}.allocation(AllocationSite::keys_ref, key_count * sizeof(std::string_view));
    }
};

// The reference document's cure: an array of fixed size. A get of more keys fills it again, where the reference document would
// allocate.
struct ArrayKeys {
    template <class Use>
    static void for_each(std::string_view text, const Use& use) {
        std::array<std::string_view, 16> keys;
        std::size_t count = keys.size();
        while (count == keys.size()) {
            for (count = 0; count < keys.size(); ++count) {
                keys[count] = wire::take_word(text);
                if (keys[count].empty()) break;
            }
            for (std::size_t index = 0; index < count; ++index) use(keys[index]);
        }
    }

    static constexpr Counts cost(std::size_t /*key_count*/) { return {}; }
};

}  // namespace tare
