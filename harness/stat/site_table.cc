// SPDX-License-Identifier: Apache-2.0
// The call sites of a command as a table for people, and as JSON with all frames.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/observation.h"
#include "harness/sites/site_rows.h"
#include "harness/stat/series.h"

namespace tare {
namespace {

using nlohmann::json;

struct Line {
    std::string site;
    Spread spread;
};

// The sites of one kind over all repetitions, the most frequent first; the total apart.
std::pair<Spread, std::vector<Line>> lines_of(const std::vector<CountedCommand>& repetitions, std::string_view metric) {
    Spread total{0, 0, 0, "not asked for"};
    std::vector<Line> lines;
    for (const auto& [quantity, readings] : rows_of(repetitions)) {
        if (quantity.metric != metric) continue;
        if (quantity.detail.empty())
            total = spread_of(readings);
        else
            lines.push_back({quantity.detail, spread_of(readings)});
    }
    std::stable_sort(lines.begin(), lines.end(),
                     [](const Line& left, const Line& right) { return left.spread.median > right.spread.median; });
    return {total, std::move(lines)};
}

std::string count_text(const Spread& spread) {
    if (!spread.present()) return "absent";
    return spread.exact() ? fmt::format("{}", spread.median)
                          : fmt::format("{} ({} to {})", spread.median, spread.least, spread.most);
}

std::string kind_text(const SiteKindRow& kind, const Spread& total, const std::vector<Line>& lines, std::size_t most) {
    std::string text = fmt::format("\n{} by call site: ", kind.heading);
    if (!total.present()) return text + "absent: " + total.absent + "\n";
    text += fmt::format("{} from {} sites\n", count_text(total), lines.size());
    const std::size_t shown = std::min(most, lines.size());
    std::uint64_t rest = 0;
    for (std::size_t place = shown; place < lines.size(); ++place) rest += lines[place].spread.median;
    const auto row = [&](const std::string& count, std::uint64_t median, const std::string& site) {
        const double share = total.median == 0 ? 0 : 100.0 * static_cast<double>(median) / static_cast<double>(total.median);
        text += fmt::format("{:>24} {:5.1f} %  {}\n", count, share, site);
    };
    for (std::size_t place = 0; place < shown; ++place)
        row(count_text(lines[place].spread), lines[place].spread.median, lines[place].site);
    if (shown < lines.size()) row(fmt::format("{}", rest), rest, fmt::format("{} other sites", lines.size() - shown));
    return text;
}

json frame_json(const Frame& frame) {
    json row{{"function", frame.function}, {"inlined", frame.is_inlined}};
    if (!frame.file.empty()) row.update({{"file", frame.file}, {"line", frame.line}});
    if (!frame.module.empty()) row.update({{"module", frame.module}, {"offset", frame.offset}});
    return row;
}

}  // namespace

std::string sites_as_text(const CommandSeries& series, std::size_t most) {
    std::vector<CountedCommand> only_sites;
    for (const CountedCommand& repetition : series.repetitions) {
        if (repetition.sites) only_sites.push_back({site_rows(*repetition.sites), 0, 0, {}});
    }
    if (only_sites.empty()) return "";
    std::string text = fmt::format("\ncall sites of {}, counted in the same run as the above", series.arguments.front());
    if (only_sites.size() > 1) text += "; median and range where repetitions differ";
    text += "\n";
    for (const SiteKindRow& kind : site_kinds) {
        const auto [total, lines] = lines_of(only_sites, kind.metric);
        text += kind_text(kind, total, lines, most);
    }
    return text;
}

json sites_as_json(const SiteCounts& counts) {
    json totals = json::array();
    for (std::size_t kind = 0; kind < site_kinds.size(); ++kind) {
        json row{{"metric", site_kinds[kind].metric}, {"status", status_field(counts.totals[kind])}};
        if (counts.totals[kind].present()) row["value"] = counts.totals[kind].value();
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
        if (site.kind != SiteKind::system_call) row["size_bytes"] = site.size_bytes;
        sites.push_back(std::move(row));
    }
    return {{"totals", std::move(totals)}, {"sites", std::move(sites)}};
}

}  // namespace tare
