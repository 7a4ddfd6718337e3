// SPDX-License-Identifier: Apache-2.0
// What a second run of the base takes back: times when it alarms, a count that the base itself does not have twice.
#include <gtest/gtest.h>

#include "analysis/compare/formats/formats.h"
#include "tests/unit/compare/made_up_comparison.h"

namespace tare {
namespace {

using compare::Verdict;

const Quantity cpu{"cpu_ns", ""};
const Quantity calls{"syscalls", ""};
const std::vector<std::uint64_t> about_100{1000, 1003, 998, 1001, 999, 1002, 1000, 997};

std::vector<std::uint64_t> times_of(double factor) {
    std::vector<std::uint64_t> values;
    values.reserve(about_100.size());
    for (const std::uint64_t value : about_100) values.push_back(static_cast<std::uint64_t>(static_cast<double>(value) * factor));
    return values;
}

struct Three : MadeUpComparison {
    MadeUpFolder control;

    Three(double head_factor, double control_factor) {
        base.times(Source::rusage, cpu, about_100);
        head.times(Source::rusage, cpu, times_of(head_factor));
        control.times(Source::rusage, cpu, times_of(control_factor));
    }
    compare::Comparison held() const {
        return compare::compare_runs(base.written(), head.written(), compare::load_gate(""), {}, control.written());
    }
};

TEST(control, a_quiet_one_takes_nothing_back_and_is_told) {
    const Three three(1.2, 1.0001);
    const compare::Comparison comparison = three.held();
    EXPECT_EQ(three.row(comparison, Source::rusage, cpu).verdict, Verdict::worse);
    EXPECT_EQ(comparison.code(), ExitCode::gate_crossed);
    const std::string text = compare::text_format(comparison, false);
    EXPECT_NE(text.find("control (the base against itself): no alarm in 1 quantity under load"), std::string::npos) << text;
}

TEST(control, an_alarm_either_way_makes_the_times_unresolved) {
    for (const double factor : {1.2, 0.8}) {
        const Three three(1.2, factor);
        const compare::Comparison comparison = three.held();
        EXPECT_EQ(three.row(comparison, Source::rusage, cpu).verdict, Verdict::unresolved);
        EXPECT_EQ(comparison.code(), ExitCode::ok);
        for (const std::string& text : {compare::text_format(comparison, false), compare::markdown_format(comparison)})
            EXPECT_NE(text.find("ALARM in 1 of 1 quantity under load"), std::string::npos) << text;
        EXPECT_EQ(nlohmann::json::parse(compare::json_format(comparison))["control"]["alarms"].size(), 1U);
    }
}

TEST(control, a_count_that_the_base_has_once_is_not_held_against_the_head) {
    Three three(1, 1);
    three.base.count(Source::bpf, calls, 3).count(Source::bpf, {"allocations", ""}, 1);
    three.control.count(Source::bpf, calls, 4).count(Source::bpf, {"allocations", ""}, 1);
    three.head.count(Source::bpf, calls, 4).count(Source::bpf, {"allocations", ""}, 2);
    const compare::Comparison comparison = three.held();
    EXPECT_EQ(three.row(comparison, Source::bpf, calls).verdict, Verdict::unresolved);
    EXPECT_EQ(three.row(comparison, Source::bpf, {"allocations", ""}).verdict, Verdict::worse);
    EXPECT_EQ(comparison.count(compare::Outcome::crossed), 1U);
    EXPECT_NE(compare::text_format(comparison, false).find("1 gated count not the same twice"), std::string::npos);
}

TEST(control, one_of_another_machine_is_refused) {
    Three three(1, 1);
    three.control.environment["machine"] = {{"kernel", "another"}};
    EXPECT_THROW(three.held(), Error);
}

TEST(control, equal_build_ids_are_told) {
    Three three(1, 1);
    const auto told = [&] { return compare::text_format(three.held(), false).find("are the same program") != std::string::npos; };
    for (MadeUpFolder* const folder : {&three.base, &three.head, &three.control})
        folder->environment["subject"] = {{"revision", "a"}, {"build_ids", {{"echo", "12ab"}}}};
    EXPECT_TRUE(told());
    three.head.environment["subject"]["build_ids"]["echo"] = "34cd";
    EXPECT_FALSE(told());
    for (MadeUpFolder* const folder : {&three.base, &three.head})
        folder->environment["subject"]["build_ids"]["echo"] = "absent:no ELF file";
    EXPECT_FALSE(told());
}

}  // namespace
}  // namespace tare
