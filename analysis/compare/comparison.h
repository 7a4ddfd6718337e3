// SPDX-License-Identifier: Apache-2.0
// `tare compare`: two runs, every row with its verdict and what the gate makes of it, and the exit code. How that is written
// is the formats' business (formats/).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/comparability.h"
#include "analysis/compare/control.h"
#include "analysis/compare/gate.h"
#include "analysis/compare/judge.h"
#include "core/error.h"

namespace tare::compare {

enum class Outcome : std::uint8_t {
    not_gated,
    passed,
    allowed,     // worse, and listed with a reason
    crossed,     // worse: exit code 1
    failed,      // it could not be judged, and the gate has such fail: exit code 1
    unmeasured,  // it could not be judged, and the gate refuses such: exit code 4
};
std::string_view name_of(Outcome outcome);

struct ComparedRow : Judged {
    Outcome outcome = Outcome::not_gated;
    std::string allowance;  // allowed: the reason
};

// A run as a reader wants to know it.
struct RunInfo {
    std::string run;
    std::string revision;  // with "+" where the tree was modified
    std::string started_at;
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

}  // namespace tare::compare
