// SPDX-License-Identifier: Apache-2.0
// The options of the commands that count by call site.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "harness/trace/site_table.h"
#include "probes/symbols/call_site.h"

namespace tare::cli {

struct SiteOptions {
    SiteListing listing;  // no site: no table was asked for
    std::string folded;   // a file; empty for none
    SiteRule rule;

    bool wants_table() const { return listing.most > 0; }
    bool wants_sites() const { return wants_table() || !folded.empty(); }
};

// `options` must outlive the parsing.
void add_site_options(CLI::App& command, SiteOptions& options);

}  // namespace tare::cli
