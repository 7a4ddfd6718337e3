// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/ledger_page.h"

#include <sys/mman.h>

#include <new>

#include "core/counts_snapshot.h"
#include "core/error.h"

namespace tare {

LedgerFile::LedgerFile() : file_(::memfd_create("tare-ledger", MFD_CLOEXEC)) {
    if (!file_ || ::ftruncate(file_.get(), sizeof(LedgerPage)) != 0) throw system_failed("create the ledger's page");
    void* const memory = ::mmap(nullptr, sizeof(LedgerPage), PROT_READ | PROT_WRITE, MAP_SHARED, file_.get(), 0);
    if (memory == MAP_FAILED) throw system_failed("map the ledger's page");
    page_ = new (memory) LedgerPage{};
}

LedgerFile::~LedgerFile() { ::munmap(page_, sizeof(LedgerPage)); }

std::string LedgerFile::path_for_child() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(file_.get());
}

Snapshot snapshot_of(const LedgerPage& page) {
    Snapshot snapshot = snapshot_of(page.counts);
    snapshot.set({"requests_parsed", ""}, page.requests_parsed);
    snapshot.set({"connections_dismissed", ""}, page.connections_dismissed);
    snapshot.set({"wait_events", ""}, page.wait_events);
    snapshot.set({"received_bytes", ""}, page.received_bytes);
    snapshot.set({"sent_bytes", ""}, page.sent_bytes);
    return snapshot;
}

}  // namespace tare
