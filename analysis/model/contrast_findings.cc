// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/contrast_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <tuple>

namespace tare {
namespace {

using nlohmann::json;

// The run's record of a contrast of this name; null where it has none.
json record_of(const json& environment, const std::string& name) {
    const auto records = environment.find("contrasts");
    if (records == environment.end() || !records->is_array()) return nullptr;
    for (const json& record : *records) {
        if (record.is_object() && record.value("name", json()) == name) return record;
    }
    return nullptr;
}

bool has_numbers(const json& record, std::initializer_list<const char*> keys) {
    return std::all_of(keys.begin(), keys.end(), [&](const char* key) {
        const auto found = record.find(key);
        return found != record.end() && found->is_number();
    });
}

void take_record(ContrastFinding& finding, const json& record) {
    if (!record.is_object()) return;
    if (record.contains("op") && record["op"].is_string() &&
        has_numbers(record, {"key_bytes", "value_bytes", "connections", "pipeline"})) {
        CellKey asked;
        asked.mode = Mode::load;
        asked.op = record["op"];
        asked.key_bytes = record["key_bytes"];
        asked.value_bytes = record["value_bytes"];
        asked.connections = record["connections"];
        asked.pipeline = record["pipeline"];
        finding.workload = fmt::format("{}, a key of {} bytes and a value of {}, {} connections, pipeline {}", asked.op,
                                       asked.key_bytes, asked.value_bytes, asked.connections, asked.pipeline);
        finding.asked = std::move(asked);
    }
    if (record.contains("ended_by") && record["ended_by"].is_string()) finding.ended_by = record["ended_by"].get<std::string>();
    if (has_numbers(record, {"duration_s"})) finding.duration_s = record["duration_s"].get<double>();
}

std::string digits(double ratio) { return ratio < 10 ? fmt::format("{:.3f}", ratio) : fmt::format("{:.4g}", ratio); }

}  // namespace

std::vector<ContrastFinding> findings_of_contrasts(const Run& run) {
    std::vector<ContrastFinding> findings;
    for (const auto& [name, rows] : by_contrast(run.contrasts)) {
        ContrastFinding finding{name, ContrastRatios(rows)};
        take_record(finding, record_of(run.environment, name));
        findings.push_back(std::move(finding));
    }
    return findings;
}

std::optional<ContrastPair> find_pair(const std::vector<ContrastFinding>& findings, const VariantName& subject,
                                      const VariantName& against, const std::string& op, const CellKey* workload) {
    const auto named = [](const ContrastFinding& finding, const VariantName& variant) {
        const auto& subjects = finding.ratios.subjects();
        return std::find_if(subjects.begin(), subjects.end(), [&](const ContrastSubject& each) {
            return each.role != ContrastRole::control && each.name == to_string(variant);
        });
    };
    const auto sizes = [](const CellKey& cell) {
        return std::tie(cell.key_bytes, cell.value_bytes, cell.connections, cell.pipeline);
    };
    for (const ContrastFinding& finding : findings) {
        if (!finding.asked.present() || finding.asked.value().op != op) continue;
        if (workload != nullptr && sizes(finding.asked.value()) != sizes(*workload)) continue;
        const auto one = named(finding, subject), other = named(finding, against);
        const auto none = finding.ratios.subjects().end();
        if (one != none && other != none) return ContrastPair{&finding, *one, *other};
    }
    return std::nullopt;
}

Measured<Estimate> difference_ns(const ContrastPair& pair) {
    const ContrastRatios& ratios = pair.finding->ratios;
    const Measured<double> against_ns = ratios.median(pair.against, ContrastMetric::server_cpu);
    if (!against_ns.present()) return Absent{against_ns.reason()};
    return ratios.ratio(pair.subject, pair.against, ContrastMetric::server_cpu).transform([&](const ContrastRatio& ratio) {
        const auto more = [&](double times) { return against_ns.value() * (times - 1); };
        return Estimate{more(ratio.value), more(ratio.interval.low), more(ratio.interval.high), ratio.generations, true};
    });
}

Measured<Estimate> difference_ns(const ContrastFinding& finding, const ContrastSubject& subject) {
    if (finding.first().role != ContrastRole::first) return Absent{"the run has no row of the first server"};
    return difference_ns(ContrastPair{&finding, subject, finding.first()});
}

std::string ratio_text(const ContrastRatio& ratio) {
    return fmt::format("{} [{}, {}]", digits(ratio.value), digits(ratio.interval.low), digits(ratio.interval.high));
}

std::string sentence_of(const ContrastFinding& finding, const ContrastSubject& subject) {
    const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, ContrastMetric::server_cpu);
    if (subject.role == ContrastRole::control) {
        if (!ratio.present()) return fmt::format("the control is absent: {}", ratio.reason());
        return fmt::format("{} against itself, the control: {}{}", subject.name, ratio_text(ratio.value()),
                           ratio.value().interval.contains(1) ? "" : ", which leaves out 1: the machine disturbed this contrast");
    }
    if (!ratio.present()) return fmt::format("{} is absent: {}", subject.name, ratio.reason());
    const std::string left_out = finding.ratios.left_out(subject, ContrastMetric::server_cpu);
    return fmt::format("{} takes {} times {}'s server CPU a request{}{}", subject.name, ratio_text(ratio.value()),
                       finding.first().name, ratio.value().interval.contains(1) ? ": no detectable difference" : "",
                       left_out.empty() ? "" : "; it was not measured to the end: " + left_out);
}

std::string how_it_was_run(const ContrastFinding& finding) {
    std::string text =
        fmt::format("{} blocks on {} processes of each subject", finding.ratios.blocks(), finding.ratios.generations());
    if (finding.duration_s.present()) text += fmt::format(", {:.1f} s", finding.duration_s.value());
    if (finding.ended_by.present()) text += "; ended by: " + finding.ended_by.value();
    return text;
}

std::string marks_text(const ContrastRatios& ratios) {
    std::string text;
    for (const auto& [mark, count] : ratios.marks())
        text += fmt::format("{}{} in {} of {} slices", text.empty() ? "" : ", ", mark, count, ratios.slices());
    return text;
}

}  // namespace tare
