// SPDX-License-Identifier: Apache-2.0
// The server's own account of what it does, written where it does it. The counted build writes to a page that the
// harness maps; in the timed build the ledger is an empty class and every call to it vanishes.
// This file holds the one #if that tells the two builds apart.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/counts.h"

namespace tare {

inline constexpr std::uint64_t ledger_magic = 0x3272656764656c74;  // "tledger2"

// Layout of the shared page; counters only ever grow. One writer (the server's thread), any number of readers.
struct LedgerPage {
    std::uint64_t magic = ledger_magic;
    std::uint64_t size_bytes = sizeof(LedgerPage);
    std::uint64_t requests_parsed = 0;
    std::uint64_t received_bytes = 0;
    std::uint64_t sent_bytes = 0;
    std::uint64_t connections_dismissed = 0;  // closed by the server because of an error
    std::uint64_t wait_events = 0;            // that epoll_wait returned
    Counts counts;
};

class PageLedger {
public:
    static constexpr bool counts = true;

    // Counts go to `page` from now on; it must outlive the server.
    static void open(LedgerPage* page) { page_ = page; }
    static const LedgerPage& page() { return *page_; }

    static void request() { grow(page_->requests_parsed, 1); }
    static void received(std::uint64_t size_bytes) { grow(page_->received_bytes, size_bytes); }
    static void sent(std::uint64_t size_bytes) { grow(page_->sent_bytes, size_bytes); }
    static void closed_on_error() { grow(page_->connections_dismissed, 1); }
    static void wait_events(std::uint64_t count) { grow(page_->wait_events, count); }
    static void call(SystemCall system_call) { grow(page_->counts.system_calls[index_of(system_call)], 1); }
    static void sqe(std::size_t opcode) { grow(page_->counts.sqes[opcode], 1); }
    static void cqe(std::size_t opcode) { grow(page_->counts.cqes[opcode], 1); }
    static void allocation(AllocationSite site, std::uint64_t size_bytes) {
        grow(page_->counts.allocations[index_of(site)], 1);
        grow(page_->counts.allocated_bytes[index_of(site)], size_bytes);
    }
    static void copy(CopyEdge edge, std::uint64_t size_bytes) {
        grow(page_->counts.copies[index_of(edge)], 1);
        grow(page_->counts.copied_bytes[index_of(edge)], size_bytes);
    }

private:
    // A relaxed store of a value nobody else writes: readers in another process see whole numbers, at no lock's cost.
    static void grow(std::uint64_t& counter, std::uint64_t by) { __atomic_store_n(&counter, counter + by, __ATOMIC_RELAXED); }
    static inline LedgerPage own_page_{};
    static inline LedgerPage* page_ = &own_page_;
};

class NoLedger {
public:
    static constexpr bool counts = false;

    static void open(LedgerPage*) {}
    static void request() {}
    static void received(std::uint64_t) {}
    static void sent(std::uint64_t) {}
    static void closed_on_error() {}
    static void wait_events(std::uint64_t) {}
    static void call(SystemCall) {}
    static void sqe(std::size_t) {}
    static void cqe(std::size_t) {}
    static void allocation(AllocationSite, std::uint64_t) {}
    static void copy(CopyEdge, std::uint64_t) {}
};

#if TARE_COUNTED
using Ledger = PageLedger;
#else
using Ledger = NoLedger;
#endif

}  // namespace tare
