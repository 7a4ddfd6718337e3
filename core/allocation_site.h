// SPDX-License-Identifier: Apache-2.0
// Which line of the request path asked for memory. Names follow the reference document's own words.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace tare {

enum class AllocationSite : std::uint8_t { input_copy, keys_ref, item_clone, response, buffer_growth, connection };

struct AllocationSiteRow {
    std::string_view name;
    std::string_view description;
    std::string_view function;  // of the request path that asks for it, as its call site begins; empty for none
};

inline constexpr std::array<AllocationSiteRow, 6> allocation_sites{{
    {"input_copy", "input_copy.to_vec()", "tare::CopiedInput::"},
    {"keys_ref", "keys_ref Vec", "tare::HeapKeys::"},
    {"item_clone", "item.clone()", "tare::ClonedValue::"},
    {"response", "response Vec::new(), once for each time it grows", "tare::OwnedReply::"},
    {"buffer_growth", "a connection's buffer (only while warming up)", ""},
    {"connection", "a connection's own state (only when it is accepted)", ""},
}};

inline constexpr std::size_t allocation_site_count = allocation_sites.size();

constexpr std::size_t index_of(AllocationSite site) { return static_cast<std::size_t>(site); }
constexpr std::string_view name_of(AllocationSite site) { return allocation_sites[index_of(site)].name; }

}  // namespace tare
