// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/load_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/percentiles.h"
#include "harness/bench/validity_flags.h"

namespace tare::cli {
namespace {

double as_double(std::uint64_t number) { return static_cast<double>(number); }

std::uint64_t client_cpu_ns(const LoadResult& result) {
    return std::accumulate(result.client_cpu_ns.begin(), result.client_cpu_ns.end(), std::uint64_t{0});
}

double per_second(const LoadResult& result) { return as_double(result.requests_sent) / as_double(result.elapsed_ns) * 1e9; }

// "p50 12.3  p90 …  max … us"; a percentile that is absent is left out, and all of them are when nothing was recorded.
std::string durations(const Histogram& histogram) {
    if (histogram.count() == 0) return "absent: no reply was due";
    std::string text;
    for (const auto& [quantity, reading] : percentiles("", histogram)) {
        if (reading.present() && quantity.detail != "max")
            text += fmt::format("{} {:.1f}  ", quantity.detail, as_double(reading.value()) / 1000);
    }
    return text + fmt::format("max {:.1f} us", as_double(histogram.max()) / 1000);
}

// The total and its percentiles, absent where nothing was recorded.
void add_durations(std::vector<std::pair<Quantity, Measured<std::uint64_t>>>& readings, const std::string& stem,
                   const Histogram& histogram) {
    readings.push_back(
        {{stem + "_ns", ""},
         histogram.count() > 0 ? Measured<std::uint64_t>(histogram.sum()) : Measured<std::uint64_t>(Absent{"no reply was due"})});
    for (const auto& each : percentiles(stem + "_percentile_ns", histogram)) readings.emplace_back(each);
}

Snapshot marks_of(const LoadReport& report) {
    return marks_of_client(report.result, report.server_cpu_ns, report.stolen_ns, report.interrupted);
}

// "client_bound, steal"; empty when the window's numbers stand without doubt.
std::string marks_text(const LoadReport& report) {
    std::string text;
    for (const auto& [quantity, mark] : marks_of(report)) {
        if (quantity.detail.empty()) continue;
        text += (text.empty() ? "" : ", ") + quantity.detail;
        if (!mark.present()) text += " unknown (" + mark.reason() + ")";
    }
    return text;
}

// Every quantity of the window, in the words of the metric table.
std::vector<std::pair<Quantity, Measured<std::uint64_t>>> readings_of(const LoadReport& report) {
    const LoadResult& result = report.result;
    std::vector<std::pair<Quantity, Measured<std::uint64_t>>> readings{
        {{"requests_sent", ""}, result.requests_sent},
        {{"replies_received", ""}, result.replies_received},
        {{"sent_bytes", ""}, result.sent_bytes},
        {{"received_bytes", ""}, result.received_bytes},
        {{"elapsed_ns", ""}, result.elapsed_ns},
        {{"client_cpu_ns", ""}, client_cpu_ns(result)},
        {{"client_io", std::string(name_of(result.client_io.used))}, 1},
    };
    add_durations(readings, "latency", result.latency_ns);
    if (report.window.open_loop) {
        add_durations(readings, "late", result.late_ns);
        readings.push_back(
            {{"offered_per_s", ""}, static_cast<std::uint64_t>(std::llround(report.window.open_loop->rate_per_s))});
    }
    for (const auto& each : marks_of(report)) readings.emplace_back(each);
    return readings;
}

// " (io_uring_setup: Operation not permitted)"; empty where `auto` had no reason to be epoll.
std::string reason_in_brackets(const ChosenClientIo& io) { return io.reason.empty() ? "" : " (" + io.reason + ")"; }

}  // namespace

double requests_per_client_cpu_s(const LoadResult& result) {
    const std::uint64_t cpu_ns = client_cpu_ns(result);
    return cpu_ns == 0 ? 0 : as_double(result.requests_sent) * 1e9 / as_double(cpu_ns);
}

double busiest_core_percent(const LoadResult& result) {
    if (result.elapsed_ns == 0 || result.client_cpu_ns.empty()) return 0;
    const auto busiest = *std::max_element(result.client_cpu_ns.begin(), result.client_cpu_ns.end());
    return 100 * as_double(busiest) / as_double(result.elapsed_ns);
}

std::string load_text(const LoadReport& report) {
    const LoadResult& result = report.result;
    std::string text = fmt::format(
        "{} {}: {} connection{}, pipeline {}, {}\n", to_string(report.cell.variant), report.cell.op, report.cell.connections,
        report.cell.connections == 1 ? "" : "s", report.cell.pipeline,
        report.window.open_loop ? fmt::format("open loop at {:g}/s", report.window.open_loop->rate_per_s) : "closed loop");
    text += fmt::format("requests      {} in {:.3f} s{}\n", result.requests_sent, as_double(result.elapsed_ns) / 1e9,
                        report.interrupted ? " (interrupted)" : "");
    if (result.confirming_gets > 0)
        text += fmt::format("confirming    {} gets besides, whose replies show that sets without one were done\n",
                            result.confirming_gets);
    if (result.requests_sent == 0) return text;
    text += fmt::format("throughput    {:.0f} requests/s\n", per_second(result));
    text += fmt::format("latency       {}, from the intended send time\n", durations(result.latency_ns));
    if (report.window.open_loop) text += fmt::format("late          {}, against the schedule\n", durations(result.late_ns));
    text += fmt::format("client        {:.0f} ns of CPU a request, {:.0f} requests a CPU second, {:.0f} % of {}\n",
                        as_double(client_cpu_ns(result)) / as_double(result.requests_sent), requests_per_client_cpu_s(result),
                        busiest_core_percent(result), result.client_cpu_ns.size() > 1 ? "its busiest core" : "its core");
    text += fmt::format("client I/O    {}{}\n", name_of(result.client_io.used), reason_in_brackets(result.client_io));
    if (report.server_cpu_ns.present())
        text += fmt::format("server        {:.0f} ns of CPU a request, {:.0f} % of one core\n",
                            as_double(report.server_cpu_ns.value()) / as_double(result.requests_sent),
                            100 * as_double(report.server_cpu_ns.value()) / as_double(result.elapsed_ns));
    if (result.overdue_requests > 0)
        text += fmt::format("over capacity {} requests that were due were never sent: {:g}/s is more than it can do here\n",
                            result.overdue_requests, report.window.open_loop->rate_per_s);
    if (const std::string marks = marks_text(report); !marks.empty())
        text += fmt::format("marked        {}: these numbers are doubtful\n", marks);
    return text;
}

std::string load_csv(const LoadReport& report) {
    std::string text = observation_header();
    for (const auto& [quantity, reading] : readings_of(report))
        text += observation_line({report.cell, 0, Source::client, quantity, {report.result.requests_sent}, reading});
    return text;
}

std::string load_json(const LoadReport& report) {
    nlohmann::ordered_json json{{"server", to_string(report.cell.variant)},
                                {"op", report.cell.op},
                                {"key_bytes", report.plan.key_bytes},
                                {"value_bytes", report.plan.value_bytes},
                                {"connections", report.plan.connections},
                                {"pipeline", report.plan.pipeline},
                                {"client_io", name_of(report.result.client_io.used)},
                                {"client_io_reason", report.result.client_io.reason},
                                {"interrupted", report.interrupted},
                                {"confirming_gets", report.result.confirming_gets},
                                {"overdue_requests", report.result.overdue_requests}};
    json["marks"] = nlohmann::ordered_json::array();
    json["marks_unknown"] = nlohmann::ordered_json::object();
    for (const auto& [quantity, reading] : readings_of(report)) {
        if (quantity.metric == "client_io") continue;  // stands above
        if (quantity.metric == "marks") {
            if (!reading.present() && !quantity.detail.empty()) json["marks_unknown"][quantity.detail] = reading.reason();
            if (reading.present() && !quantity.detail.empty()) json["marks"].push_back(quantity.detail);
            continue;
        }
        const nlohmann::ordered_json value =
            reading.present() ? nlohmann::ordered_json(reading.value()) : nlohmann::ordered_json("absent: " + reading.reason());
        if (quantity.detail.empty())
            json[quantity.metric] = value;
        else
            json[quantity.metric][quantity.detail] = value;
    }
    json["requests_per_client_cpu_s"] = requests_per_client_cpu_s(report.result);
    json["server_cpu_ns"] = report.server_cpu_ns.present() ? nlohmann::ordered_json(report.server_cpu_ns.value())
                                                           : nlohmann::ordered_json("absent: " + report.server_cpu_ns.reason());
    if (report.window.open_loop) json["offered_per_s"] = report.window.open_loop->rate_per_s;  // a row has whole numbers only
    return json.dump(2) + "\n";
}

}  // namespace tare::cli
