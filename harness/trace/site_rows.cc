// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/site_rows.h"

#include <fmt/format.h>

#include <algorithm>

namespace tare {
namespace {

const SiteKindRow& row_of(const CallSite& site) { return site_kinds[static_cast<std::size_t>(site.kind)]; }

Quantity total_of(std::size_t kind) { return {std::string(site_kinds[kind].metric), ""}; }

// A row says how many calls a site had, and not how many at least.
Reading whole_total(const SiteCounts& counts, std::size_t kind) {
    if (!counts.totals[kind].present() || counts.unplaced[kind] == 0) return counts.totals[kind];
    return Absent{fmt::format("the calls come from more different stacks than there is room for: {} of {} found none",
                              counts.unplaced[kind], counts.totals[kind].value())};
}

// What separates frames and lines may not be in a name.
std::string folded_name(std::string name) {
    std::replace(name.begin(), name.end(), ';', ':');
    std::replace(name.begin(), name.end(), '\n', ' ');
    return name;
}

// Frames without a symbol are told apart by their place in the file.
std::string folded_name(const Frame& frame) {
    const bool is_named = frame.function != "[unknown]" || frame.module.empty();
    return folded_name(is_named ? frame.function : short_name(frame)) + (frame.is_inlined ? "_[i]" : "");
}

}  // namespace

std::string site_name(const CallSite& site) {
    const std::string name = short_name(site.site);
    return site.kind == SiteKind::system_call ? site.function + ": " + name : name;
}

Snapshot site_rows(const SiteCounts& counts) {
    std::map<Quantity, std::uint64_t> sums;
    Snapshot rows;
    for (std::size_t kind = 0; kind < site_kinds.size(); ++kind) rows.emplace(total_of(kind), whole_total(counts, kind));
    for (const CallSite& site : counts.sites) {
        const auto kind = static_cast<std::size_t>(site.kind);
        if (rows.at(total_of(kind)).present()) sums[{std::string(site_kinds[kind].metric), site_name(site)}] += site.count;
    }
    for (const auto& [quantity, sum] : sums) rows.emplace(quantity, sum);
    return rows;
}

void reconcile_with(SiteCounts& counts, const Snapshot& counted) {
    for (std::size_t kind = 0; kind < site_kinds.size(); ++kind) {
        Reading& total = counts.totals[kind];
        const auto other = counted.find({std::string(site_kinds[kind].counted), ""});
        if (!total.present() || (other != counted.end() && other->second == total)) continue;
        if (other == counted.end())
            total = Absent{fmt::format("{} were not counted beside their sites", site_kinds[kind].counted)};
        else if (!other->second.present())
            total = other->second;
        else
            total = Absent{fmt::format("the sites have {} calls, and {} were counted", total.value(), other->second.value())};
    }
    std::erase_if(counts.sites,
                  [&](const CallSite& site) { return !counts.totals[static_cast<std::size_t>(site.kind)].present(); });
}

void FoldedStacks::add(const SiteCounts& counts, const std::vector<std::string>& roots) {
    std::string above;
    for (const std::string& root : roots) above += folded_name(root) + ";";
    for (const CallSite& site : counts.sites) {
        std::string line = above + std::string(row_of(site).heading);
        for (auto frame = site.frames.rbegin(); frame != site.frames.rend(); ++frame) line += ";" + folded_name(*frame);
        lines_[line + ";" + folded_name(site.function)] += site.count;
    }
    for (std::size_t kind = 0; kind < site_kinds.size(); ++kind) {
        if (!counts.totals[kind].present() || counts.unplaced[kind] == 0) continue;
        lines_[fmt::format("{}{};[no room for the stack]", above, site_kinds[kind].heading)] += counts.unplaced[kind];
    }
}

std::string FoldedStacks::text() const {
    std::string text;
    for (const auto& [line, count] : lines_) text += fmt::format("{} {}\n", line, count);
    return text;
}

}  // namespace tare
