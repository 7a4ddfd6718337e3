// SPDX-License-Identifier: Apache-2.0
// A claim about the calls that single functions make, held against a run's call sites.
#pragma once

#include <vector>

#include "analysis/claims/judge.h"

namespace tare {

struct SiteWindow {
    const Measurements& window;
    CellPair cells;
};

// Disproves what is confirmed where a function makes another number of calls than its claim says; not judged where the run has no
// call sites, or none of that function.
void hold_sites(Judgement& judgement, const std::vector<SiteWindow>& windows);

// By which metric call sites of another's calls are counted.
const char* site_metric(const std::string& metric);
// "app::work(int)" of "read: app::work(int) (app/work.cc:12)".
std::string function_of_site(const std::string& site);

}  // namespace tare
