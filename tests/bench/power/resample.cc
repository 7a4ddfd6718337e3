// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/power/resample.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include "analysis/compare/comparison.h"
#include "analysis/compare/intact_run.h"
#include "core/check.h"
#include "core/metric.h"

namespace tare::power {
namespace {

std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }

// Both repetitions of every slice that has both.
std::map<std::uint64_t, std::vector<Observation>> by_slice(const Run& run, const std::regex& only) {
    std::map<std::uint64_t, std::vector<Observation>> slices;
    std::map<std::uint64_t, std::uint64_t> last;
    for (const Observation& seen : run.observations) {
        if (seen.cell.mode != Mode::load || !std::regex_search(name_of(seen.cell), only)) continue;
        const std::uint64_t slice = seen.repetition / 2;
        last[slice] = std::max(last[slice], seen.repetition % 2);
        slices[slice].push_back(seen);
        slices[slice].back().repetition %= 2;
    }
    std::erase_if(slices, [&](const auto& each) { return last[each.first] == 0; });
    return slices;
}

// One side of a job: its slices one after the other.
Run side_of(const std::vector<const Slice*>& slices, Side side) {
    Run run;
    for (std::size_t place = 0; place < slices.size(); ++place) {
        for (const Observation& seen : slices[place]->sides[index_of(side)]) {
            run.observations.push_back(seen);
            run.observations.back().repetition += 2 * place;
        }
    }
    return run;
}

// What the server takes longer for, the client sees; only the client's own CPU time is not the server's doing.
bool is_planted_in(const compare::Row& row, const CellKey& cell) {
    return row.cell == cell && metric_of(row.quantity.metric).is_time() && row.quantity.metric != "client_cpu_ns";
}

}  // namespace

std::vector<Slice> slices_of(const Recorded& runs, std::size_t block, const std::regex& only) {
    std::array<std::map<std::uint64_t, std::vector<Observation>>, side_count> sides;
    for (std::size_t side = 0; side < side_count; ++side) sides[side] = by_slice(compare::open_intact_run(runs[side]), only);
    std::vector<Slice> slices;
    for (const auto& [number, base] : sides[0]) {
        const auto control = sides[1].find(number), head = sides[2].find(number);
        if (control != sides[1].end() && head != sides[2].end()) slices.push_back({block, {base, control->second, head->second}});
    }
    return slices;
}

std::vector<Slice> gated_only(const std::vector<Slice>& slices, const compare::Gate& gate) {
    std::vector<Slice> gated = slices;
    for (Slice& slice : gated) {
        for (std::vector<Observation>& side : slice.sides)
            std::erase_if(side, [&](const Observation& seen) {
                return seen.quantity.metric != "marks" && !gate.judges({seen.cell, seen.source, seen.quantity, {}, {}}, true);
            });
    }
    return gated;
}

std::vector<const Slice*> drawn(const std::vector<Slice>& slices, std::size_t count, std::uint64_t seed,
                                std::optional<std::size_t> without) {
    std::vector<const Slice*> others;
    for (const Slice& slice : slices) {
        if (slice.block != without) others.push_back(&slice);
    }
    check(!others.empty(), "a job of no slices");
    std::mt19937_64 first(seed), instead(seed + (std::uint64_t{1} << 32));
    std::uniform_int_distribution<std::size_t> any(0, slices.size() - 1), any_other(0, others.size() - 1);
    std::vector<const Slice*> job;
    while (job.size() < count) {
        const Slice& slice = slices[any(first)];
        job.push_back(slice.block == without ? others[any_other(instead)] : &slice);
    }
    return job;
}

Job::Job(const std::vector<const Slice*>& slices, const compare::Gate& gate) : gate_(gate) {
    const Run base = side_of(slices, Side::base);
    rows_ = compare::pair_rows(base, side_of(slices, Side::head));
    control_rows_ = compare::pair_rows(base, side_of(slices, Side::control));
    control_ = compare::control_of("control", control_rows_, gate);
    for (const compare::Row& row : rows_) {
        const bool gated = !compare::is_exact(row) && gate.judges(row, true);
        if (gated && std::find(cells_.begin(), cells_.end(), row.cell) == cells_.end()) cells_.push_back(row.cell);
    }
}

compare::Comparison Job::judged(const std::optional<Plant>& plant) const {
    std::vector<compare::Row> rows = rows_;
    for (compare::Row& row : rows) {
        if (!plant || !is_planted_in(row, plant->cell)) continue;
        for (auto& [repetition, window] : row.head_windows) {
            if (window.reading.present())
                window.reading =
                    static_cast<std::uint64_t>(std::llround(static_cast<double>(window.reading.value()) * (1 + plant->relative)));
        }
    }
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
        return row.cell == cell && !row.exact && row.outcome != compare::Outcome::not_gated;
    });
    check(found != comparison.rows.end(), "the gate judges no time of this cell");
    return *found;
}

}  // namespace tare::power
