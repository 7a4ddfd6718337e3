// SPDX-License-Identifier: Apache-2.0
// A run under load made up for a test: cells with as many repetitions as numbers are given.
#pragma once

#include <string>
#include <vector>

#include "analysis/case_study/findings.h"
#include "run/observation.h"

namespace tare {

inline CellKey load_cell(const std::string& variant, const std::string& build, std::uint64_t value_bytes = 64,
                         std::uint64_t connections = 64, std::uint64_t pipeline = 1) {
    return {parse_variant_name(variant), build, "get_hit", 16, value_bytes, connections, pipeline, "load"};
}

class MadeUpLoad {
public:
    static constexpr std::uint64_t requests = 100;

    // One reading for each repetition, of the whole window of 100 requests.
    MadeUpLoad& saw(const CellKey& cell, const std::string& source, const Quantity& quantity,
                    const std::vector<Reading>& readings) {
        for (std::size_t repetition = 0; repetition < readings.size(); ++repetition)
            rows_.push_back({"r", cell, repetition, source, quantity, requests, readings[repetition]});
        return *this;
    }
    // CPU of so many ns a request, in six repetitions that differ a little, and no mark.
    MadeUpLoad& took(const CellKey& cell, std::uint64_t cpu_ns) {
        std::vector<Reading> readings;
        for (const std::uint64_t percent : {99, 100, 101, 100, 100, 100}) readings.emplace_back(cpu_ns * percent);
        saw(cell, "client", {"marks", ""}, std::vector<Reading>(6, std::uint64_t{0}));
        return saw(cell, "rusage", {"cpu_ns", ""}, readings);
    }
    // The same total and part by ledger and BPF, once.
    MadeUpLoad& counted(const CellKey& cell, const std::string& metric, const std::string& detail, std::uint64_t value) {
        for (const char* const source : {"ledger", "bpf"}) saw(cell, source, {metric, detail}, {value});
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
    MadeUpLoad& cannot_cost(const std::string& name, const std::string& reason) {
        environment_["calibration"].push_back({{"name", name}, {"argument", 0}, {"status", "absent:" + reason}});
        return *this;
    }

    LoadMeasurements load() const { return LoadMeasurements(rows_); }
    Prices prices() const { return {environment_, "made up"}; }
    const std::vector<Observation>& rows() const { return rows_; }

    // What `write` makes of this run.
    template <class Result, class Of>
    Result written(Result (*write)(const Of&)) const {
        Run run;
        run.environment = environment_;
        const Measurements measured(rows_);
        const ReferenceClaims reference = load_reference_claims();
        return write(CaseStudyFindings{{run, measured, load(), prices()}, reference, {}, {}});
    }

private:
    std::vector<Observation> rows_;
    nlohmann::json environment_ = nlohmann::json::object();
};

}  // namespace tare
