// SPDX-License-Identifier: Apache-2.0
// For programs: rows of observations.csv, and JSON.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/trace/attach_output.h"
#include "harness/trace/site_rows.h"
#include "harness/trace/site_table.h"
#include "run/observation.h"

namespace tare {
namespace {

using nlohmann::json;

void add_rows(std::string& text, const CellKey& cell, const AttachedWindow& window, Divisor divisor) {
    for (const auto& [quantity, reading] : window.counts)
        text += observation_line({cell, 0, Source::bpf, quantity, divisor, reading});
}

json json_of(const AttachedWindow& window) {
    json counts = json::array();
    for (const auto& [quantity, reading] : window.counts) {
        json row{{"metric", quantity.metric}, {"detail", quantity.detail}, {"status", status_field(reading)}};
        if (reading.present()) row["value"] = reading.value();
        counts.push_back(std::move(row));
    }
    return {{"milliseconds", milliseconds_of(window)}, {"counts", std::move(counts)}};
}

}  // namespace

std::uint64_t milliseconds_of(const AttachedWindow& window) {
    return static_cast<std::uint64_t>(std::max(1LL, std::llround(window.length_s * 1000)));
}

std::string as_csv(const Attachment& attachment, std::optional<std::uint64_t> requests) {
    CellKey cell;
    cell.variant = {attachment.roots.front().name, "", ""};
    cell.build = Build::external;
    cell.connections = 0;
    cell.pipeline = 0;
    cell.mode = Mode::load;
    std::string text = observation_header();
    AttachedWindow counted = attachment.counted;
    if (attachment.sites) counted.counts.merge(site_rows(*attachment.sites));
    if (attachment.idle) {
        cell.kind = Kind::idle;
        add_rows(text, cell, *attachment.idle, {milliseconds_of(*attachment.idle), Per::ms});
    }
    cell.kind = Kind::request;
    cell.op = "attached";
    add_rows(text, cell, counted, requests ? Divisor{*requests, Per::request} : Divisor{1, Per::run});
    return text;
}

std::string as_json(const Attachment& attachment, std::optional<std::uint64_t> requests) {
    json roots = json::array();
    for (const RunningProcess& root : attachment.roots)
        roots.push_back({{"pid", root.pid},
                         {"name", root.name},
                         {"command_line", root.command_line},
                         {"user", root.user},
                         {"threads", root.thread_count}});
    json document{{"schema", 1},
                  {"attached", std::move(roots)},
                  {"processes", attachment.process_count},
                  {"ended", attachment.ended},
                  {"counted", json_of(attachment.counted)}};
    if (attachment.idle) document["idle"] = json_of(*attachment.idle);
    if (attachment.sites) document["call_sites"] = sites_as_json(*attachment.sites);
    if (requests) document["requests"] = *requests;
    return document.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace tare
