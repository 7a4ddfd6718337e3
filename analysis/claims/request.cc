// SPDX-License-Identifier: Apache-2.0
#include "analysis/claims/request.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "analysis/model/idle_activity.h"

namespace tare {
namespace {

constexpr std::size_t most_named = 12;

std::string listed(const std::set<std::string>& names) {
    std::vector<std::string> shown(names.begin(), names.end());
    const std::size_t more = shown.size() > most_named ? shown.size() - most_named : 0;
    shown.resize(shown.size() - more);
    return fmt::format("{}{}", fmt::join(shown, ", "), more == 0 ? "" : fmt::format(" and {} more", more));
}

bool fits(const CellKey& cell, const Request& request) {
    if (!is_unpipelined(cell) || cell.variant != request.variant || cell.op != request.op) return false;
    if (request.key_bytes && cell.key_bytes != *request.key_bytes) return false;
    if (request.value_bytes) return cell.value_bytes == *request.value_bytes;
    return !request.value_bytes_below || (cell.value_bytes > 0 && cell.value_bytes < *request.value_bytes_below);
}

CellPair in_every_build(const Measurements& window, CellKey cell) {
    CellPair pair;
    for (const auto& [build, place] : {std::pair{Build::counted, &pair.counted}, std::pair{Build::timed, &pair.timed},
                                       std::pair{Build::external, &pair.timed}}) {
        cell.build = build;
        if (std::find(window.cells().begin(), window.cells().end(), cell) != window.cells().end()) *place = cell;
    }
    return pair;
}

// What a run has where it does not have the request.
std::string not_there(const Measurements& window, const Request& request) {
    std::set<std::string> servers, ops, requests;
    for (const CellKey& cell : window.cells()) {
        if (!is_unpipelined(cell)) continue;
        servers.insert(to_string(cell.variant));
        if (cell.variant != request.variant) continue;
        ops.insert(cell.op);
        if (cell.op == request.op) requests.insert(name_of(cell));
    }
    const std::string server = to_string(request.variant);
    if (!requests.empty() && !request.value_bytes && !request.key_bytes)
        return fmt::format("needs a value of less than {} bytes; there is: {}", *request.value_bytes_below, listed(requests));
    if (!requests.empty()) return fmt::format("no case of these sizes is in this run; there is: {}", listed(requests));
    if (!ops.empty()) return fmt::format("{} of {} is not in this run; there is: {}", request.op, server, listed(ops));
    return server + " is not in this run" + (servers.empty() ? "" : "; there is: " + listed(servers));
}

}  // namespace

bool is_unpipelined(const CellKey& cell) {
    return cell.mode == Mode::lockstep && cell.connections == 1 && cell.pipeline == 1 && !is_idle_activity(cell);
}

Cells cells_of(const Measurements& window, const Request& request) {
    const auto order = [](const CellKey& cell) { return std::tuple(cell.value_bytes, cell.key_bytes != 16, cell.key_bytes); };
    std::optional<CellKey> small, large;
    for (const CellKey& cell : window.cells()) {
        if (fits(cell, request) && (!small || order(cell) < order(*small))) small = cell;
    }
    if (!small) return {};
    const Request beyond{request.variant, request.op, small->key_bytes, {}, {}};
    for (const CellKey& cell : window.cells()) {
        if (fits(cell, beyond) && cell.value_bytes > small->value_bytes && (!large || cell.value_bytes > large->value_bytes))
            large = cell;
    }
    return {in_every_build(window, *small), large ? in_every_build(window, *large) : CellPair{}};
}

Count count_of(const Measurements& window, const Request& request, const std::string& metric) {
    const Cells cells = cells_of(window, request);
    if (cells.small.any()) return count_of_request(window, cells.small, cells.large, metric);
    Count count;
    count.total = PerRequest(Absent{not_there(window, request)});
    return count;
}

bool has_metric(const Measurements& window, const Request& request, const std::string& metric) {
    const CellPair cells = cells_of(window, request).small;
    for (const std::optional<CellKey>& cell : {cells.counted, cells.timed}) {
        if (!cell) continue;
        for (const Source source : {Source::ledger, Source::bpf, Source::fdinfo, Source::rusage, Source::proc, Source::client}) {
            if (window.watched(*cell, source, counted_metric(metric))) return true;
        }
    }
    return false;
}

}  // namespace tare
