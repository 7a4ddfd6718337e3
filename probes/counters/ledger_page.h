// SPDX-License-Identifier: Apache-2.0
// The page on which a counted server keeps its ledger: made here, mapped by the server, read as a probe.
#pragma once

#include <memory>
#include <string>

#include "core/ledger.h"
#include "core/owned_fd.h"
#include "probes/counters/probe.h"

namespace tare {

class LedgerFile {
public:
    // A page of zeros in memory. Throws run_failed when the system refuses it.
    LedgerFile();
    LedgerFile(const LedgerFile&) = delete;
    LedgerFile& operator=(const LedgerFile&) = delete;
    ~LedgerFile();

    // The path under which a child of this process, started while this object lives, can open the page.
    std::string path_for_child() const;
    const LedgerPage& page() const { return *page_; }

private:
    OwnedFd file_;
    LedgerPage* page_ = nullptr;
};

// Counts, requests_parsed, received_bytes and sent_bytes of the page so far.
Snapshot snapshot_of(const LedgerPage& page);

}  // namespace tare
