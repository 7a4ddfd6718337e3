// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/sites.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "analysis/claims/held.h"

namespace tare {
namespace {

// Without its parameters, but not without those of "(anonymous namespace)::".
std::string without_parameters(const std::string& function) {
    const std::size_t open = function.rfind('(');
    const bool parameters = open != std::string::npos && open > 0 && function.find("::", open) == std::string::npos &&
                            function.compare(open, 2, "(a") != 0;
    return parameters ? function.substr(0, open) : function;
}

// By its name in full, or by the last of it.
bool is_function(const std::string& site, const std::string& name) {
    const std::string full = function_of_site(site);
    for (const std::string& each : {full, without_parameters(full)}) {
        if (each == name || each.ends_with("::" + name)) return true;
    }
    return false;
}

}  // namespace

const char* site_metric(const std::string& metric) {
    return metric == "syscalls" ? "syscall_sites" : metric == "allocations" ? "allocation_sites" : "copy_sites";
}

std::string function_of_site(const std::string& site) {
    std::string text = site;
    if (const std::size_t place = text.rfind(" ("); text.ends_with(')') && place != std::string::npos) text.resize(place);
    const std::size_t colon = text.find(": ");
    const bool call = colon != std::string::npos &&
                      std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
                                  [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '_'; });
    return call ? text.substr(colon + 2) : text;
}

void hold_sites(Judgement& judgement, const std::vector<SiteWindow>& windows) {
    const Claim& claim = *judgement.claim;
    if (judgement.verdict == Verdict::disproved) return;
    const char* const metric = site_metric(claim.metric);
    const auto unknown = [&](const std::string& reason) {
        judgement.verdict = Verdict::not_judged;
        judgement.reason = reason;
    };
    bool counted = false;
    std::vector<std::string> differing;
    for (const auto& [window, cells] : windows) {
        for (const std::optional<CellKey>& cell : {cells.counted, cells.timed}) {
            if (!cell || !window.watched(*cell, Source::bpf, metric)) continue;
            counted = true;
            const PerRequest total = window.figure(*cell, Source::bpf, {metric, ""});
            if (!total.present()) return unknown(fmt::format("{}: {}", metric, total.reason()));
            const std::map<std::string, PerRequest> sites = window.parts(*cell, Source::bpf, metric);
            for (const auto& [function, claimed] : claim.sites) {
                double measured = 0;
                bool known = false;
                std::set<std::string> there;
                for (const auto& [site, figure] : sites) {
                    there.insert(function_of_site(site));
                    if (!is_function(site, function)) continue;
                    known = true;
                    if (!figure.present()) return unknown(fmt::format("{} {}: {}", metric, site, figure.reason()));
                    measured += figure.value();
                }
                if (!known && claimed.least > 0)
                    return unknown(
                        fmt::format("no call site is in a function '{}'; there is: {}", function, fmt::join(there, ", ")));
                if (!holds(claimed, measured, claim.metric))
                    differing.push_back(fmt::format("{}: claimed {}, measured {:.6g}", function, to_string(claimed), measured));
            }
        }
    }
    if (!counted) return unknown(fmt::format("this run has no {}; `call_sites = true` of a suite counts them", metric));
    if (differing.empty()) return;
    judgement.verdict = Verdict::disproved;
    judgement.part = fmt::format("{}", fmt::join(differing, "; "));
}

}  // namespace tare
