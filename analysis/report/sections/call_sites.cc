// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"
#include "core/allocation_site.h"

namespace tare::sections {
namespace {

constexpr std::size_t shown_max = 10;  // sites of a kind

struct Kind {
    const char* metric;
    const char* title;
};
constexpr std::array<Kind, 3> kinds{
    {{"allocation_sites", "Allocations"}, {"copy_sites", "Copies"}, {"syscall_sites", "System calls"}}};

// The totals and sites of one cell.
using Sites = std::map<Quantity, Figure>;

std::vector<std::pair<CellKey, Sites>> cells_with_sites(const Findings& findings) {
    std::vector<std::pair<CellKey, Sites>> cells;
    for (const Observation& seen : findings.run.observations) {
        const std::string& metric = seen.quantity.metric;
        if (std::none_of(kinds.begin(), kinds.end(), [&](const Kind& kind) { return metric == kind.metric; })) continue;
        if (cells.empty() || cells.back().first != seen.cell) cells.emplace_back(seen.cell, Sites{});
        cells.back().second.emplace(seen.quantity, Figure(seen.reading, seen.requests));
    }
    return cells;
}

std::vector<std::pair<std::string, Figure>> sites_of(const Sites& sites, const char* metric) {
    std::vector<std::pair<std::string, Figure>> found;
    for (const auto& [quantity, figure] : sites) {
        if (quantity.metric == metric && !quantity.detail.empty() && figure.present())
            found.emplace_back(quantity.detail, figure);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto& left, const auto& right) { return left.second.value() > right.second.value(); });
    return found;
}

// The most frequent sites of each kind, and the others in one line.
std::string cell_table(const CellKey& cell, const Sites& sites, markdown::Notes& notes) {
    std::vector<std::vector<std::string>> lines;
    for (const Kind& kind : kinds) {
        const auto total = sites.find({kind.metric, ""});
        lines.push_back({fmt::format("**{}**", kind.title),
                         notes.shown(total == sites.end() ? Figure(Absent{"not in this run"}) : total->second), ""});
        const auto found = sites_of(sites, kind.metric);
        Figure rest(0.0);
        for (std::size_t place = 0; place < found.size(); ++place) {
            if (place < shown_max)
                lines.push_back({"", notes.shown(found[place].second), markdown::code(found[place].first)});
            else
                rest = rest + found[place].second;
        }
        if (found.size() > shown_max)
            lines.push_back({"", notes.shown(rest), fmt::format("{} other sites", found.size() - shown_max)});
    }
    return fmt::format("### {}, {}\n\nWith {}, per request:\n\n", markdown::code(to_string(cell.variant)),
                       markdown::code(cell.op), sizes_of(cell)) +
           markdown::table({"Kind", "Calls", "Site"}, lines);
}

// One of the request path's allocations: the sites in its function, what they have per request, and what the ledger has.
void add_allocation(std::vector<std::vector<std::string>>& lines, const Findings& findings, const CellKey& cell,
                    const Sites& sites, const AllocationSiteRow& row, markdown::Notes& notes) {
    CellKey counted = cell;
    counted.build = "counted";
    const Figure ledger = findings.measured.figure(counted, "ledger", {"allocations", std::string(row.name)});
    const Figure total = sites.at({"allocation_sites", ""});
    Figure here = total.present() ? Figure(0.0) : total;
    std::string places;
    for (const auto& [site, figure] : sites_of(sites, "allocation_sites")) {
        if (!site.starts_with(row.function)) continue;
        here = here + figure;
        places += (places.empty() ? "" : ", ") + markdown::code(site.substr(site.rfind('(')));
    }
    if (here.present() && here.value() == 0 && (!ledger.present() || ledger.value() == 0)) return;
    lines.push_back({markdown::code(to_string(cell.variant)), markdown::code(cell.op), markdown::escaped(row.description),
                     places.empty() ? "none" : places, notes.shown(here), notes.shown(ledger)});
}

std::string path_table(const Findings& findings, const std::vector<std::pair<CellKey, Sites>>& cells, markdown::Notes& notes) {
    std::vector<std::vector<std::string>> lines;
    for (const auto& [cell, sites] : cells) {
        if (cell.variant.rung != "as_described") continue;
        for (const AllocationSiteRow& row : allocation_sites) {
            if (!row.function.empty() && sites.contains({"allocation_sites", ""}))
                add_allocation(lines, findings, cell, sites, row, notes);
        }
    }
    if (lines.empty()) return "";
    return "### The request path's allocations\n\nEach by the line that makes it, beside what the ledger of the counted "
           "build has under its name.\n\n" +
           markdown::table({"Variant", "Operation", "Allocation", "Lines", "By site", "By ledger"}, lines);
}

}  // namespace

std::string call_sites(const Findings& findings) {
    const auto cells = cells_with_sites(findings);
    if (cells.empty()) return "";
    markdown::Notes notes("call-sites");
    std::string text =
        "## Call Sites\n\nWhere the calls come from: counted in the kernel by the whole stack, in a window of its own, and "
        "unwound afterwards. A site is the innermost function that does not merely pass the call on (the C library, the "
        "allocator, `std::`, the servers' own `allocate_bytes` and `copy_bytes`). Each kind adds up to its total, which the "
        "other probes counted as well. All frames are in `call_sites.folded`, for a flame graph.\n\n";
    text += path_table(findings, cells, notes);
    for (const auto& [cell, sites] : cells) text += cell_table(cell, sites, notes);
    return text + notes.text();
}

}  // namespace tare::sections
