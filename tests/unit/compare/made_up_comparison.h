// SPDX-License-Identifier: Apache-2.0
// Two runs made up for a test, written as folders and compared as the command does.
#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "analysis/compare/comparison.h"
#include "run/complete.h"
#include "tests/temporary_folder.h"

namespace tare {

// A run's folder that a test fills row by row. Values are of the whole window.
class MadeUpFolder {
public:
    MadeUpFolder() {
        environment = nlohmann::json::parse(R"({"schema": 2, "run": "r", "suite": {"name": "s"}, "warnings": []})");
    }

    MadeUpFolder& row(const CellKey& cell, std::uint64_t repetition, Source source, const Quantity& quantity,
                      std::uint64_t requests, const Measured<std::uint64_t>& reading) {
        const Per per = cell.kind == Kind::request ? Per::request : Per::ms;
        rows_ += observation_line({cell, repetition, source, quantity, {requests, per}, reading});
        return *this;
    }
    // Both windows of a lockstep cell: N = 100 and 2N requests.
    MadeUpFolder& windows(Source source, const Quantity& quantity, const Measured<std::uint64_t>& first,
                          const Measured<std::uint64_t>& second) {
        return row(lockstep(), 0, source, quantity, 100, first).row(lockstep(), 1, source, quantity, 200, second);
    }
    // A lockstep count that is so many per request.
    MadeUpFolder& count(Source source, const Quantity& quantity, std::uint64_t per_request) {
        return windows(source, quantity, per_request * 100, per_request * 200);
    }
    // Repetitions under load of 10 requests each.
    MadeUpFolder& times(Source source, const Quantity& quantity, const std::vector<std::uint64_t>& values) {
        for (std::size_t index = 0; index < values.size(); ++index) row(load(), index, source, quantity, 10, values[index]);
        return *this;
    }

    static CellKey lockstep() {
        return {{"epoll", "level", "as_described"}, Build::counted, Kind::request, "get_hit", 16, 64, 1, 1, Mode::lockstep};
    }
    static CellKey load() {
        return {{"epoll", "level", "as_described"}, Build::timed, Kind::request, "get_hit", 16, 64, 64, 1, Mode::load};
    }

    const std::filesystem::path& written() const {
        folder.write("observations.csv", observation_header() + rows_);
        folder.write("environment.json", environment.dump(2) + "\n");
        write_complete(folder.path(), {"observations.csv", "environment.json"});
        return folder.path();
    }

    nlohmann::json environment;
    TemporaryFolder folder;

private:
    std::string rows_;
};

struct MadeUpComparison {
    MadeUpFolder base, head;
    std::vector<std::string> forced;

    compare::Comparison compared(const std::string& gate = std::string(compare::built_in_gate())) const {
        return compare::compare_runs(base.written(), head.written(), compare::parse_gate(gate, "gate.toml"), forced);
    }
    // The row of this quantity, which must be there.
    static const compare::ComparedRow& row(const compare::Comparison& comparison, Source source, const Quantity& quantity) {
        for (const compare::ComparedRow& row : comparison.rows) {
            if (row.source == source && row.quantity == quantity) return row;
        }
        throw data_refused("the comparison has no " + std::string(name_of(source)) + " " + quantity.metric + " " +
                           quantity.detail);
    }
};

}  // namespace tare
