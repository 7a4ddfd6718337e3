// SPDX-License-Identifier: Apache-2.0
// Two runs that a test fills quantity by quantity, and the verdicts that `tare compare` has on them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/compare/made_up_comparison.h"

namespace tare {

using compare::ComparedRow;
using compare::Comparison;
using compare::Outcome;
using compare::Verdict;

inline const Quantity calls{"syscalls", ""};
inline const Quantity cpu{"cpu_ns", ""};

class Compared : public testing::Test {
protected:
    Compared() {
        // Something that both runs have whatever a test is about.
        both(Source::client, {"requests_sent", ""}, 1, 1);
    }
    void both(Source source, const Quantity& quantity, std::uint64_t base, std::uint64_t head) {
        runs_.base.count(source, quantity, base);
        runs_.head.count(source, quantity, head);
    }
    void times(const std::vector<std::uint64_t>& base, const std::vector<std::uint64_t>& head, const Quantity& quantity = cpu) {
        runs_.base.times(Source::rusage, quantity, base);
        runs_.head.times(Source::rusage, quantity, head);
    }
    ComparedRow judged(Source source, const Quantity& quantity) const {
        return MadeUpComparison::row(runs_.compared(), source, quantity);
    }
    void expect_lockstep(Verdict verdict, const Quantity& quantity = calls) const {
        EXPECT_EQ(name_of(judged(Source::bpf, quantity).verdict), name_of(verdict));
    }
    ExitCode code(const std::string& gate) const { return runs_.compared(gate).code(); }
    ExitCode code() const { return runs_.compared().code(); }

    MadeUpComparison runs_;
};

}  // namespace tare
