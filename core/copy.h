// SPDX-License-Identifier: Apache-2.0
// The one function through which payload is copied, and the one through which the request path asks for memory.
// Both call the C library for every size, so that a uprobe there sees exactly what the ledger was told.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "core/ledger.h"

namespace tare {

// Regions may overlap. A copy of no bytes does nothing and is not counted.
[[gnu::noinline]] inline void copy_bytes(CopyEdge edge, void* to, const void* from, std::size_t size_bytes) {
    if (size_bytes == 0) return;
    Ledger::copy(edge, size_bytes);
    // Hides the size from the compiler, which would replace a call of known size by moves that no probe sees.
    asm volatile("" : "+r"(size_bytes));
    std::memmove(to, from, size_bytes);
}

// Memory for `size_bytes`; give it back with std::free. Exits the process when there is none.
[[gnu::noinline]] inline char* allocate_bytes(AllocationSite site, std::size_t size_bytes) {
    Ledger::allocation(site, size_bytes);
    void* memory = std::malloc(size_bytes);
    if (memory == nullptr) std::abort();
    return static_cast<char*>(memory);
}

}  // namespace tare
