// SPDX-License-Identifier: Apache-2.0
#include "tests/power/resample.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/compare/decide.h"
#include "analysis/compare/intact_run.h"
#include "core/check.h"

namespace tare::power {
namespace {

std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }

// Both repetitions of every slice that has both.
std::map<std::uint64_t, std::vector<Observation>> by_slice(const Run& run, const std::regex& only) {
    std::map<std::uint64_t, std::vector<Observation>> slices;
    std::map<std::uint64_t, std::uint64_t> last;
    for (const Observation& seen : run.observations) {
        if (seen.cell.mode != "load" || !std::regex_search(compare::name_of(seen.cell), only)) continue;
        const std::uint64_t slice = seen.repetition / 2;
        last[slice] = std::max(last[slice], seen.repetition % 2);
        slices[slice].push_back(seen);
        slices[slice].back().repetition %= 2;
    }
    std::erase_if(slices, [&](const auto& each) { return last[each.first] == 0; });
    return slices;
}

// One arm of a job: its slices one after the other.
Run arm_of(const std::vector<const Slice*>& slices, Side side) {
    Run run;
    for (std::size_t place = 0; place < slices.size(); ++place) {
        for (const Observation& seen : slices[place]->arms[index_of(side)]) {
            run.observations.push_back(seen);
            run.observations.back().repetition += 2 * place;
        }
    }
    return run;
}

// What the server takes longer for, the client sees; only the client's own CPU time is not the server's doing.
bool is_planted_in(const compare::Row& row, const CellKey& cell) {
    return row.cell == cell && row.quantity.metric.ends_with("_ns") && row.quantity.metric != "client_cpu_ns";
}

bool is_gated_time(const compare::Row& row, const compare::Gate& gate) {
    return !compare::is_exact(row) && gate.judges(row, true);
}

}  // namespace

std::vector<Slice> slices_of(const Recorded& runs, std::size_t block, const std::regex& only) {
    std::array<std::map<std::uint64_t, std::vector<Observation>>, side_count> arms;
    for (std::size_t side = 0; side < side_count; ++side) arms[side] = by_slice(compare::open_intact_run(runs[side]), only);
    std::vector<Slice> slices;
    for (const auto& [number, base] : arms[0]) {
        const auto control = arms[1].find(number), head = arms[2].find(number);
        if (control != arms[1].end() && head != arms[2].end()) slices.push_back({block, {base, control->second, head->second}});
    }
    return slices;
}

std::vector<const Slice*> drawn(const std::vector<Slice>& slices, std::size_t count, std::mt19937_64& random) {
    check(!slices.empty(), "a job of no slices");
    std::uniform_int_distribution<std::size_t> any(0, slices.size() - 1);
    std::vector<const Slice*> job;
    while (job.size() < count) job.push_back(&slices[any(random)]);
    return job;
}

Job::Job(const std::vector<const Slice*>& slices, const compare::Gate& gate) : gate_(gate) {
    const Run base = arm_of(slices, Side::base);
    rows_ = compare::pair_rows(base, arm_of(slices, Side::head));
    control_rows_ = compare::pair_rows(base, arm_of(slices, Side::control));
    control_ = compare::control_of("control", control_rows_, gate);
    for (const compare::Row& row : rows_) {
        if (is_gated_time(row, gate) && std::find(cells_.begin(), cells_.end(), row.cell) == cells_.end())
            cells_.push_back(row.cell);
    }
}

compare::Comparison Job::judged() const { return decided(rows_); }

// What is not gated is judged apart from what is, so that leaving it out changes nothing but the time this takes.
compare::Comparison Job::judged(const Plant& plant) const {
    std::vector<compare::Row> rows;
    for (const compare::Row& row : rows_) {
        if (is_gated_time(row, gate_)) rows.push_back(row);
    }
    for (compare::Row& row : rows) {
        if (!is_planted_in(row, plant.cell)) continue;
        for (auto& [repetition, window] : row.head) {
            if (window.reading.present())
                window.reading =
                    static_cast<std::uint64_t>(std::llround(static_cast<double>(window.reading.value()) * (1 + plant.relative)));
        }
    }
    return decided(std::move(rows));
}

compare::Comparison Job::decided(std::vector<compare::Row> rows) const {
    compare::Comparison comparison;
    comparison.control = control_;
    compare::decide(comparison, std::move(rows), gate_);
    return comparison;
}

compare::Comparison Job::alike() const {
    compare::Comparison comparison;
    compare::decide(comparison, control_rows_, gate_);
    return comparison;
}

const compare::ComparedRow& gated_time(const compare::Comparison& comparison, const CellKey& cell) {
    const auto found = std::find_if(comparison.rows.begin(), comparison.rows.end(), [&](const compare::ComparedRow& row) {
        return row.row.cell == cell && !row.exact && row.outcome != compare::Outcome::not_gated;
    });
    check(found != comparison.rows.end(), "the gate judges no time of this cell");
    return *found;
}

}  // namespace tare::power
