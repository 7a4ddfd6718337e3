// SPDX-License-Identifier: Apache-2.0
// Call sites as others read them: as quantities by the short name of the site, and as folded stacks for a flame graph.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "probes/symbols/call_site.h"

namespace tare {

// The site's short name; of a system call, and of a function that a user's counter names, with what is called before it:
// "recvfrom: serve (server.c:12)".
std::string site_name(const CallSite& site);

// For each kind the total and, below site_name(), each site's count. Of an absent kind the total alone; absent is also one some
// of whose calls have no site.
Snapshot site_rows(const SiteCounts& counts);

// Makes each kind absent that does not add up to what its own probe counted in the same window, or of which that is absent.
void reconcile_with(SiteCounts& counts, const Snapshot& counted);

// One line a stack: "root;…;leaf count", as flame graph tools read it. Below the given roots comes the kind, the called
// function is the leaf, and an inlined function ends in "_[i]".
class FoldedStacks {
public:
    void add(const SiteCounts& counts, const std::vector<std::string>& roots = {});
    std::string text() const;

private:
    std::map<std::string, std::uint64_t> lines_;
};

}  // namespace tare
