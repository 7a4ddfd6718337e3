// SPDX-License-Identifier: Apache-2.0
// A run under load made up for a test: cells with as many repetitions as numbers are given.
#pragma once

#include <string>
#include <vector>

#include "analysis/case_study/findings.h"
#include "analysis/case_study/report.h"
#include "analysis/report/markdown.h"
#include "run/observation.h"

namespace tare {

inline CellKey load_cell(const std::string& variant, Build build, std::uint64_t value_bytes = 64, std::uint64_t connections = 64,
                         std::uint64_t pipeline = 1) {
    return {parse_variant_name(variant), build, Kind::request, "get_hit", 16, value_bytes, connections, pipeline, Mode::load};
}

class MadeUpLoad {
public:
    static constexpr std::uint64_t requests = 100;

    // One reading for each repetition, of the whole window of 100 requests.
    MadeUpLoad& saw(const CellKey& cell, Source source, const Quantity& quantity,
                    const std::vector<Measured<std::uint64_t>>& readings) {
        for (std::size_t repetition = 0; repetition < readings.size(); ++repetition)
            rows_.push_back({cell, repetition, source, quantity, {requests}, readings[repetition]});
        return *this;
    }
    // CPU of so many ns a request, in six repetitions that differ a little, and no mark.
    MadeUpLoad& took(const CellKey& cell, std::uint64_t cpu_ns) {
        std::vector<Measured<std::uint64_t>> readings;
        for (const std::uint64_t percent : {99, 100, 101, 100, 100, 100}) readings.emplace_back(cpu_ns * percent);
        saw(cell, Source::client, {"marks", ""}, std::vector<Measured<std::uint64_t>>(6, std::uint64_t{0}));
        return saw(cell, Source::rusage, {"cpu_ns", ""}, readings);
    }
    // The same total and part by ledger and BPF, once.
    MadeUpLoad& counted(const CellKey& cell, const std::string& metric, const std::string& detail, std::uint64_t value) {
        for (const Source source : {Source::ledger, Source::bpf}) saw(cell, source, {metric, detail}, {value});
        return *this;
    }
    MadeUpLoad& costs(const std::string& name, std::uint64_t argument, double ns) {
        environment_["calibration"].push_back({{"name", name}, {"argument", argument}, {"ns", {ns, ns, ns}}});
        return *this;
    }
    // The same, and otherwise after the passes.
    MadeUpLoad& costs(const std::string& name, std::uint64_t argument, const std::vector<double>& before,
                      const std::vector<double>& after) {
        environment_["calibration"].push_back({{"name", name}, {"argument", argument}, {"ns", before}, {"ns_after", after}});
        return *this;
    }
    // A contrast of two servers at the cell's workload, in so many generations: the first takes `first_ns` a request, the other
    // and the control so many times that, less and more by a thousandth in turn.
    MadeUpLoad& held_against(const std::string& name, const CellKey& first, const CellKey& other, double first_ns, double times,
                             std::uint64_t generations = 8) {
        const auto add = [&](std::uint64_t generation, const CellKey& cell, ContrastRole role, double cpu_ns) {
            ContrastRow row;
            row.contrast = name;
            row.generation = row.block = generation;
            row.subject = to_string(cell.variant);
            row.role = role;
            row.requests = 1'000'000;
            row.server_cpu_ns = static_cast<std::uint64_t>(1'000'000 * cpu_ns);
            row.client_cpu_ns = 2'000'000'000;
            row.window_ns = 10'000'000'000;
            row.latency_p50_ns = 50'000;
            contrasts_.push_back(row);
        };
        for (std::uint64_t generation = 0; generation < generations; ++generation) {
            const double off = generation % 2 == 0 ? 0.999 : 1.001;
            add(generation, first, ContrastRole::first, first_ns);
            add(generation, other, ContrastRole::other, first_ns * times * off);
            add(generation, first, ContrastRole::control, first_ns * off);
        }
        environment_["contrasts"].push_back({{"name", name},
                                             {"op", first.op},
                                             {"key_bytes", first.key_bytes},
                                             {"value_bytes", first.value_bytes},
                                             {"connections", first.connections},
                                             {"pipeline", first.pipeline},
                                             {"ended_by", "precision"},
                                             {"duration_s", 9.5}});
        return *this;
    }
    MadeUpLoad& cannot_cost(const std::string& name, const std::string& reason) {
        environment_["calibration"].push_back({{"name", name}, {"argument", 0}, {"status", "absent:" + reason}});
        return *this;
    }

    LoadMeasurements load() const { return LoadMeasurements(rows_); }
    Prices prices() const { return {environment_, "made up"}; }
    std::vector<ContrastFinding> contrasts() const { return findings_of_contrasts(run()); }
    const std::vector<Observation>& rows() const { return rows_; }

    // A section as its file has it; empty where the section is.
    template <class Of>
    std::string written(document::Section (*write)(const Of&)) const {
        const document::Section section = made(write);
        return section.empty() ? "" : markdown::section(section);
    }
    // What `write` makes of this run.
    template <class Result, class Of>
    Result made(Result (*write)(const Of&)) const {
        const Run made_up = run();
        const Measurements measured(rows_);
        const ClaimsFile reference = case_study::reference_claims();
        return write(CaseStudyFindings{{made_up, measured, load(), prices(), contrasts()}, reference, {}, {}});
    }

private:
    Run run() const {
        Run run;
        run.environment = environment_;
        run.contrasts = contrasts_;
        return run;
    }

    std::vector<Observation> rows_;
    std::vector<ContrastRow> contrasts_;
    nlohmann::json environment_ = nlohmann::json::object();
};

}  // namespace tare
