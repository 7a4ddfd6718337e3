// SPDX-License-Identifier: Apache-2.0
// `tare compare`: two runs, every row with its verdict and what the gate makes of it, and the exit code; and beside them the
// control, the base measured once more, in the same job and in turn with the two that are compared. What differs there differs
// without a cause, and so nothing of that kind is believed of the head. How it is written is the formats' business (formats/).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "analysis/compare/comparability.h"
#include "analysis/compare/gate.h"
#include "analysis/compare/judge.h"
#include "analysis/model/extremes.h"
#include "core/error.h"

namespace tare::compare {

// A run as a reader wants to know it.
struct RunInfo {
    std::string run;
    std::string revision;  // with "+" where the tree was modified
    std::string started_at;
};

using RowKey = std::tuple<CellKey, Source, Quantity>;

struct Control {
    std::string run;
    std::size_t times = 0;              // gated quantities under load that could be judged
    std::size_t unjudged_times = 0;     // and that could not: too few repetitions without marks
    std::vector<std::string> alarms;    // those that are better or worse, which none of them is
    std::map<RowKey, Extremes> unlike;  // counts in lockstep that are not the same, and the control's figures
    std::size_t gated_unlike_count = 0;
};

struct Comparison {
    RunInfo base;
    RunInfo head;
    std::string suite;
    std::vector<FieldDifference> forced;  // compared although these differ: every output says so
    std::vector<ComparedRow> rows;        // as pair_rows() orders them
    std::vector<std::string> warnings;
    std::optional<Control> control;  // the base measured once more beside the two
    std::size_t gated_times = 0;     // measured rows that the gate judges; the level of each is corrected for their number
    std::size_t other_times = 0;     // and the others, which are corrected for theirs
    double error = 0.05;             // of either kind together

    std::size_t count(Outcome outcome) const;
    std::size_t count(Verdict verdict) const;
    // Of those that the gate judges and lets pass.
    std::size_t passed_unresolved() const;
    std::size_t cell_count() const;
    // The parts, by the same source, that differ from base to head in a total's metric.
    std::vector<const ComparedRow*> moved_parts(const ComparedRow& total) const;
    // gate_crossed before cannot_measure: what is known to be worse is worse, whatever else could not be judged.
    ExitCode code() const;
    // "machine.kernel: base 'a', head 'b'; ..."; empty unless forced.
    std::string forced_notice() const;
};

// `control` is the folder of a second run of the base; empty for none. Throws data_refused for a run that is not whole, or not
// comparable beyond `forced`; usage_error for a forced field that neither has.
Comparison compare_runs(const std::filesystem::path& base, const std::filesystem::path& head, const Gate& gate,
                        const std::vector<std::string>& forced, const std::filesystem::path& control = {});

// Holds the control against the base, on the gate's terms: pair_rows() of base and control.
Control control_of(const std::string& run, std::vector<Row> base_and_control, const Gate& gate);

// Judges every row, in the light of the control where there is one, on the gate's terms, and decides. The levels of measured rows
// are corrected for their number by Holm's steps: of those that the gate judges, and of all others, apart, so that what is only
// shown takes no power from what is gated. Adds to `comparison` its rows, the numbers of measured ones, and a warning for
// every allowance that allowed nothing. Needs no folder: rows may be made up or resampled and judged in a loop.
void decide(Comparison& comparison, std::vector<Row> rows, const Gate& gate);

}  // namespace tare::compare
