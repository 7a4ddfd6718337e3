// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/site_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/trace/series.h"
#include "harness/trace/site_rows.h"
#include "run/observation.h"

namespace tare {
namespace {

using nlohmann::json;

// Whether its calls are of so many bytes each.
bool has_sizes(SiteKind kind) { return kind == SiteKind::allocation || kind == SiteKind::copy; }

// One repetition's calls or bytes of one kind.
struct Amounts {
    Measured<std::uint64_t> total = Absent{"not counted"};
    std::map<std::string, std::uint64_t> sites;
    std::uint64_t unplaced = 0;  // calls without a site, above which every amount is the least that it can be
};

struct Line {
    std::string site;
    Spread spread;
};

struct Table {
    Measured<Spread> total = Absent{"not counted"};
    std::vector<Line> lines;  // the most first
    std::uint64_t unplaced = 0;
};

Amounts amounts_of(const SiteCounts& counts, std::size_t kind, SiteMeasure measure) {
    Amounts amounts{counts.totals[kind], {}, counts.unplaced[kind]};
    std::uint64_t sum = 0;
    for (const CallSite& site : counts.sites) {
        if (site.kind != static_cast<SiteKind>(kind)) continue;
        const std::uint64_t amount = measure == SiteMeasure::bytes ? site.size_bytes : site.count;
        amounts.sites[site_name(site)] += amount;
        sum += amount;
    }
    if (measure == SiteMeasure::bytes && amounts.total.present()) amounts.total = sum;
    return amounts;
}

Table table_of(const std::vector<const SiteCounts*>& repetitions, std::size_t kind, SiteMeasure measure) {
    Table table;
    std::vector<Measured<std::uint64_t>> totals;
    std::map<std::string, std::vector<Measured<std::uint64_t>>> sites;
    for (std::size_t place = 0; place < repetitions.size(); ++place) {
        const Amounts amounts = amounts_of(*repetitions[place], kind, measure);
        totals.push_back(amounts.total);
        table.unplaced = std::max(table.unplaced, amounts.unplaced);
        for (const auto& [site, amount] : amounts.sites) {
            std::vector<Measured<std::uint64_t>>& readings = sites[site];
            readings.resize(repetitions.size(), std::uint64_t{0});
            readings[place] = amount;
        }
    }
    table.total = spread_of(totals);
    for (const auto& [site, readings] : sites) table.lines.push_back({site, spread_of(readings).value()});
    std::stable_sort(table.lines.begin(), table.lines.end(),
                     [](const Line& left, const Line& right) { return left.spread.median > right.spread.median; });
    return table;
}

std::string heading_text(const Table& table, const Spread& total, bool in_bytes) {
    std::string text = fmt::format("{}{} from {} sites", text_of(total), in_bytes ? " B" : "", table.lines.size());
    if (table.unplaced > 0)
        text += fmt::format("; {} calls found no room for their stack, so each site has at least what is said", table.unplaced);
    return text + "\n";
}

std::string kind_text(std::size_t kind, const std::vector<const SiteCounts*>& repetitions, const SiteListing& listing) {
    const bool in_bytes = listing.by == SiteMeasure::bytes && has_sizes(static_cast<SiteKind>(kind));
    const Table table = table_of(repetitions, kind, in_bytes ? SiteMeasure::bytes : SiteMeasure::calls);
    std::string text = fmt::format("\n{} by call site: ", site_kinds[kind].heading);
    if (!table.total.present()) return text + "absent: " + table.total.reason() + "\n";
    const Spread& all = table.total.value();
    text += heading_text(table, all, in_bytes);
    const std::string at_least = table.unplaced > 0 ? ">= " : "";
    const auto row = [&](const std::string& count, std::uint64_t median, const std::string& site) {
        const auto total = static_cast<double>(all.median);
        text += fmt::format("{:>24} {:5.1f} %  {}\n", count, total == 0 ? 0 : 100.0 * static_cast<double>(median) / total, site);
    };
    const std::size_t shown = std::min(listing.most, table.lines.size());
    for (std::size_t place = 0; place < shown; ++place) {
        const Line& line = table.lines[place];
        row(at_least + text_of(line.spread), line.spread.median, line.site);
    }
    std::uint64_t rest = 0;
    for (std::size_t place = shown; place < table.lines.size(); ++place) rest += table.lines[place].spread.median;
    if (shown < table.lines.size())
        row(at_least + std::to_string(rest), rest, fmt::format("{} other sites", table.lines.size() - shown));
    if (table.unplaced > 0 && !in_bytes) row(std::to_string(table.unplaced), table.unplaced, "without a site");
    return text;
}

json frame_json(const Frame& frame) {
    json row{{"function", frame.function}, {"inlined", frame.is_inlined}};
    if (!frame.file.empty()) row.update({{"file", frame.file}, {"line", frame.line}});
    if (!frame.module.empty()) row.update({{"module", frame.module}, {"offset", frame.offset}});
    return row;
}

}  // namespace

std::string sites_as_text(const std::string& of, const std::vector<const SiteCounts*>& repetitions, const SiteListing& listing) {
    std::string text = fmt::format("\ncall sites of {}, counted in the same run as the above", of);
    if (repetitions.size() > 1) text += "; median and range where repetitions differ";
    text += "\n";
    for (std::size_t kind = 0; kind < repetitions.front()->kind_count(); ++kind) text += kind_text(kind, repetitions, listing);
    return text;
}

json sites_as_json(const SiteCounts& counts) {
    json totals = json::array();
    for (std::size_t kind = 0; kind < counts.kind_count(); ++kind) {
        json row{{"metric", site_kinds[kind].metric}, {"status", status_field(counts.totals[kind])}};
        if (counts.totals[kind].present()) row["value"] = counts.totals[kind].value();
        if (counts.unplaced[kind] > 0) row["unplaced"] = counts.unplaced[kind];
        totals.push_back(std::move(row));
    }
    json sites = json::array();
    for (const CallSite& site : counts.sites) {
        json frames = json::array();
        for (const Frame& frame : site.frames) frames.push_back(frame_json(frame));
        json row{{"metric", site_kinds[static_cast<std::size_t>(site.kind)].metric},
                 {"function", site.function},
                 {"count", site.count},
                 {"site", frame_json(site.site)},
                 {"name", site_name(site)},
                 {"frames", std::move(frames)}};
        if (has_sizes(site.kind)) row["size_bytes"] = site.size_bytes;
        sites.push_back(std::move(row));
    }
    return {{"totals", std::move(totals)}, {"sites", std::move(sites)}};
}

}  // namespace tare
