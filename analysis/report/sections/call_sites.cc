// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "analysis/report/sections/sections.h"
#include "core/allocation_site.h"

namespace tare::sections {
namespace {

constexpr std::size_t shown_max = 10;  // sites of a kind

struct Kind {
    const char* metric;
    const char* title;
};
constexpr std::array<Kind, 4> kinds{{{"allocation_sites", "Allocations"},
                                     {"copy_sites", "Copies"},
                                     {"syscall_sites", "System calls"},
                                     {"counter_sites", "Counters of the suite"}}};

// The totals and sites of one cell.
using Sites = std::map<Quantity, PerRequest>;

std::vector<std::pair<CellKey, Sites>> cells_with_sites(const Findings& findings) {
    std::vector<std::pair<CellKey, Sites>> cells;
    for (const Observation& seen : findings.run.observations) {
        const std::string& metric = seen.quantity.metric;
        if (std::none_of(kinds.begin(), kinds.end(), [&](const Kind& kind) { return metric == kind.metric; })) continue;
        if (cells.empty() || cells.back().first != seen.cell) cells.emplace_back(seen.cell, Sites{});
        cells.back().second.emplace(seen.quantity, per_request(seen.reading, seen.divisor.count));
    }
    return cells;
}

std::vector<std::pair<std::string, PerRequest>> sites_of(const Sites& sites, const char* metric) {
    std::vector<std::pair<std::string, PerRequest>> found;
    for (const auto& [quantity, figure] : sites) {
        if (quantity.metric == metric && !quantity.detail.empty() && figure.present())
            found.emplace_back(quantity.detail, figure);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.second.value() > right.second.value(); });
    return found;
}

// The most frequent sites of each kind, and the others in one line.
void add_cell(Blocks& blocks, const CellKey& cell, const Sites& sites) {
    Table table{{"Kind", "Calls", "Site"}, {}};
    for (const Kind& kind : kinds) {
        const auto total = sites.find({kind.metric, ""});
        if (total == sites.end() && kind.metric == kinds.back().metric) continue;  // the suite names none
        table.rows.push_back({strong(kind.title),
                              document::cell(total == sites.end() ? PerRequest(Absent{"not in this run"}) : total->second), ""});
        const auto found = sites_of(sites, kind.metric);
        PerRequest rest(0.0);
        for (std::size_t place = 0; place < found.size(); ++place) {
            if (place < shown_max)
                table.rows.push_back({"", document::cell(found[place].second), code(found[place].first)});
            else
                rest = rest + found[place].second;
        }
        if (found.size() > shown_max)
            table.rows.push_back({"", document::cell(rest), fmt::format("{} other sites", found.size() - shown_max)});
    }
    blocks.insert(blocks.end(), {Heading{3, text_of(code(to_string(cell.variant)), ", ", code(cell.op))},
                                 Paragraph{fmt::format("With {}, per request:", sizes_of(cell))}, table});
}

// One of the request path's allocations: the sites in its function, what they have per request, and what the ledger has.
void add_allocation(Table& table, const Findings& findings, const CellKey& cell, const Sites& sites,
                    const AllocationSiteRow& row) {
    CellKey counted = cell;
    counted.build = Build::counted;
    const PerRequest ledger = findings.measured.figure(counted, Source::ledger, {"allocations", std::string(row.name)});
    const PerRequest total = sites.at({"allocation_sites", ""});
    PerRequest here = total.present() ? PerRequest(0.0) : total;
    std::vector<Text> places;
    for (const auto& [site, figure] : sites_of(sites, "allocation_sites")) {
        if (!site.starts_with(row.function)) continue;
        here = here + figure;
        places.emplace_back(code(site.substr(site.rfind('('))));
    }
    if (here.present() && here.value() == 0 && (!ledger.present() || ledger.value() == 0)) return;
    table.rows.push_back({code(to_string(cell.variant)), code(cell.op), row.description,
                          places.empty() ? "none" : joined(places, ", "), document::cell(here), document::cell(ledger)});
}

Table path_table(const Findings& findings, const std::vector<std::pair<CellKey, Sites>>& cells) {
    Table table{{"Variant", "Operation", "Allocation", "Lines", "By site", "By ledger"}, {}};
    for (const auto& [cell, sites] : cells) {
        if (cell.variant.rung != "as_described") continue;
        for (const AllocationSiteRow& row : allocation_sites) {
            if (!row.function.empty() && sites.contains({"allocation_sites", ""}))
                add_allocation(table, findings, cell, sites, row);
        }
    }
    return table;
}

// The sites of one kind with most calls, of servers that are not ours: what a user looks for first.
Table busiest(const std::vector<std::pair<CellKey, Sites>>& cells) {
    Table table{{"Server", "Operation", "Kind", "Calls", "Site"}, {}};
    for (const auto& [cell, sites] : cells) {
        if (cell.build != Build::external) continue;
        for (const Kind& kind : kinds) {
            const auto found = sites_of(sites, kind.metric);
            if (found.empty() || table.rows.size() >= summary_rows_max) continue;
            table.rows.push_back({code(to_string(cell.variant)), code(cell.op), kind.title, document::cell(found[0].second),
                                  code(found[0].first)});
        }
    }
    return table;
}

}  // namespace

Section call_sites(const Findings& findings) {
    const auto cells = cells_with_sites(findings);
    Section section{"call-sites", "Call Sites"};
    if (cells.empty()) return section;
    section.summary = {Paragraph{
        text_of(fmt::format("Where the calls of {} come from: by the whole stack, in a window of its own. All frames are in ",
                            document::counted(cells.size(), "cell", "cells")),
                code("call_sites.folded"), ", for a flame graph.")}};
    Table of_external = busiest(cells);
    if (!of_external.rows.empty())
        section.summary.insert(section.summary.end(),
                               {Paragraph{"The site with most calls of each kind, per request:"}, of_external});
    section.details = {Paragraph{text_of(
        "Counted in the kernel and unwound afterwards. A site is the innermost function that does not merely pass the call on "
        "(the C library, the allocator, ",
        code("std::"), ", the servers' own ", code("allocate_bytes"), " and ", code("copy_bytes"),
        "). Each kind adds up to its total, which the other probes counted as well.")}};
    Table path = path_table(findings, cells);
    if (!path.rows.empty())
        section.details.insert(
            section.details.end(),
            {Heading{3, "The request path's allocations"},
             Paragraph{"Each by the line that makes it, beside what the ledger of the counted build has under its name."}, path});
    for (const auto& [cell, sites] : cells) add_cell(section.details, cell, sites);
    return section;
}

}  // namespace tare::sections
