// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/site_rows.h"

#include <fmt/format.h>

#include <algorithm>

namespace tare {
namespace {

const SiteKindRow& row_of(const CallSite& site) { return site_kinds[static_cast<std::size_t>(site.kind)]; }

Quantity total_of(std::size_t kind) { return {std::string(site_kinds[kind].metric), ""}; }

// A row says how many calls a site had, and not how many at least.
Measured<std::uint64_t> whole_total(const SiteCounts& counts, std::size_t kind) {
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

// What the probes of the kind counted. Of counters those that are absent have no calls: their functions are nowhere.
Measured<std::uint64_t> counted_beside(const SiteCounts& counts, std::size_t kind, const Snapshot& counted) {
    const std::string metric(site_kinds[kind].counted);
    if (static_cast<SiteKind>(kind) != SiteKind::function) {
        if (counted.tells({metric, ""})) return counted.total(metric);
        return Absent{fmt::format("{} were not counted beside their sites", metric)};
    }
    Measured<std::uint64_t> sum = Absent{fmt::format("{} were not counted beside their sites", metric)};
    for (const std::string& counter : counts.counters) {
        const Measured<std::uint64_t> total = counted.total(counter);
        if (total.present()) sum = sum.present() ? sum + total : total;
    }
    return sum;
}

}  // namespace

std::string site_name(const CallSite& site) {
    const std::string name = short_name(site.site);
    const bool says_which = site.kind == SiteKind::system_call || site.kind == SiteKind::function;
    return says_which ? site.function + ": " + name : name;
}

Snapshot site_rows(const SiteCounts& counts) {
    std::map<Quantity, std::uint64_t> sums;
    Snapshot rows;
    for (std::size_t kind = 0; kind < counts.kind_count(); ++kind) rows.set(total_of(kind), whole_total(counts, kind));
    for (const CallSite& site : counts.sites) {
        const auto kind = static_cast<std::size_t>(site.kind);
        if (rows.reading(total_of(kind)).present()) sums[{std::string(site_kinds[kind].metric), site_name(site)}] += site.count;
    }
    for (const auto& [quantity, sum] : sums) rows.set(quantity, sum);
    return rows;
}

void reconcile_with(SiteCounts& counts, const Snapshot& counted) {
    for (std::size_t kind = 0; kind < counts.kind_count(); ++kind) {
        Measured<std::uint64_t>& total = counts.totals[kind];
        const Measured<std::uint64_t> other = counted_beside(counts, kind, counted);
        if (!total.present() || other == total) continue;
        if (!other.present())
            total = other;
        else
            total = Absent{fmt::format("the sites have {} calls, and {} were counted", total.value(), other.value())};
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
    for (std::size_t kind = 0; kind < counts.kind_count(); ++kind) {
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
