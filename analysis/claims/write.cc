// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/write.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <set>

#include "analysis/claims/held.h"
#include "analysis/claims/judge.h"
#include "analysis/claims/request.h"
#include "analysis/claims/sites.h"
#include "analysis/model/extremes.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr std::array<const char*, 4> written_metrics{"syscalls", "queue_ops", "allocations", "copies"};

std::string toml_text(const std::string& text) {
    std::string safe = "\"";
    for (const char character : text) {
        if (character == '"' || character == '\\') safe += '\\';
        if (static_cast<unsigned char>(character) < ' ')
            safe += fmt::format("\\u{:04x}", static_cast<unsigned>(character));
        else
            safe += character;
    }
    return safe + "\"";
}

std::string key_text(const std::string& name) {
    const bool bare = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '_' || letter == '-';
    });
    return bare ? name : toml_text(name);
}

// The number of a count that is the same in every window; else the whole numbers that it lies between.
std::string number_of(const Extremes& seen) {
    if (seen.single()) return fmt::format("{:.10g}", *seen.least);
    return fmt::format("[{:.10g}, {:.10g}]", std::floor(*seen.least), std::ceil(*seen.most));
}

std::string table_of(const std::map<std::string, Extremes>& parts) {
    std::string text;
    for (const auto& [name, seen] : parts) {
        if (seen.single() && *seen.least == 0) continue;
        text += fmt::format("{}{} = {}", text.empty() ? "" : ", ", key_text(name), number_of(seen));
    }
    return "{" + text + "}";
}

// What the windows of a run show of one metric of one request.
class Shown {
public:
    void include(const Count& count, const std::string& metric) {
        if (!count.total.present()) return refuse(count.total.reason());
        if (!count.agreed()) return refuse("the independent counters disagree: " + count.counters);
        total_.include(count.total.value());
        const std::map<std::string, PerRequest> parts = parts_by_claimed_names(count, metric);
        for (const auto& [name, figure] : parts) {
            if (!figure.present()) return refuse(fmt::format("the part {} is absent: {}", name, figure.reason()));
        }
        for (const auto& [name, figure] : parts) {
            const auto [place, fresh] = parts_.try_emplace(name);
            if (fresh && windows_ > 0) place->second.include(0);
            place->second.include(figure.value());
        }
        for (auto& [name, seen] : parts_) {
            if (!parts.contains(name)) seen.include(0);
        }
        ++windows_;
    }
    bool any() const { return windows_ > 0; }
    const std::string& refused() const { return refused_; }
    const Extremes& total() const { return total_; }
    const std::map<std::string, Extremes>& parts() const { return parts_; }

private:
    void refuse(const std::string& reason) {
        if (refused_.empty()) refused_ = reason;
    }
    std::size_t windows_ = 0;
    std::string refused_;
    Extremes total_;
    std::map<std::string, Extremes> parts_;
};

// Calls by function, of the windows that have call sites: those that are the same in each.
std::map<std::string, Extremes> sites_of(const std::vector<Measurements>& windows, const Request& request,
                                         const std::string& metric) {
    std::map<std::string, Extremes> sites;
    for (const Measurements& window : windows) {
        const Cells cells = cells_of(window, request);
        for (const std::optional<CellKey>& cell : {cells.small.counted, cells.small.timed}) {
            if (!cell || !window.watched(*cell, Source::bpf, site_metric(metric))) continue;
            std::map<std::string, double> by_function;
            for (const auto& [site, figure] : window.parts(*cell, Source::bpf, site_metric(metric))) {
                const std::string function = function_of_site(site);
                if (figure.present() && !function.starts_with("[")) by_function[function] += figure.value();
            }
            for (const auto& [function, calls] : by_function) sites[function].include(calls);
        }
    }
    return sites;
}

std::string claim_text(const std::vector<Measurements>& windows, const Request& request, const CellKey& cell,
                       const std::string& metric) {
    Shown shown;
    for (const Measurements& window : windows) {
        if (has_metric(window, request, metric)) shown.include(count_of(window, request, metric), metric);
    }
    const std::string name = fmt::format("{} of {} {}", metric, to_string(cell.variant), cell.op);
    if (!shown.refused().empty()) return fmt::format("# {}: absent: {}\n\n", name, shown.refused());
    if (!shown.any()) return "";
    const bool exact = shown.total().single();
    if (metric == "queue_ops" && exact && *shown.total().least == 0) return "";
    std::string id = fmt::format("{}-{}-{}", to_string(cell.variant), cell.op, metric);
    std::replace(id.begin(), id.end(), '/', '-');
    std::string text =
        fmt::format("[[claim]]\nid = {}\nserver = {}\nop = {}\nkey_bytes = {}\nvalue_bytes = {}\nmetric = {}\n", toml_text(id),
                    toml_text(to_string(cell.variant)), toml_text(cell.op), cell.key_bytes, cell.value_bytes, toml_text(metric));
    text += fmt::format("{} = {}\n", exact ? "value" : "range", number_of(shown.total()));
    if (!exact)
        text += fmt::format("# {} to {} in this run's windows\n", number_text(*shown.total().least),
                            number_text(*shown.total().most));
    // Parts of a sum that varies come and go with it: they are told, and not held.
    if (!shown.parts().empty()) text += fmt::format("{} = {}\n", exact ? "parts" : "inferred", table_of(shown.parts()));
    const std::map<std::string, Extremes> sites = exact ? sites_of(windows, request, metric) : std::map<std::string, Extremes>{};
    if (!sites.empty() && metric != "queue_ops") text += fmt::format("sites = {}\n", table_of(sites));
    return text + "\n";
}

}  // namespace

std::string claims_from_run(const Run& run) {
    const std::vector<Measurements> windows = windows_of(run.observations);
    std::string claims;
    std::set<std::pair<VariantName, std::string>> done;
    for (const Measurements& window : windows) {
        for (const CellKey& cell : window.cells()) {
            if (!is_unpipelined(cell) || !done.emplace(cell.variant, cell.op).second) continue;
            const Request request{cell.variant, cell.op, {}, {}, {}};
            const Cells cells = cells_of(window, request);
            for (const char* const metric : written_metrics) claims += claim_text(windows, request, cells.small.either(), metric);
        }
    }
    if (claims.find("[[claim]]") == std::string::npos)
        throw data_refused(run.folder.string() + ": nothing was counted in lockstep that a claim could be made of");
    return fmt::format(
               "# What run {} counted for each request, as claims: read, edit, and keep what is meant (docs/claims.md).\n"
               "# `tare check RUN --claims THIS` holds another run of the same suite to it.\n\n",
               run.id) +
           claims;
}

}  // namespace tare
