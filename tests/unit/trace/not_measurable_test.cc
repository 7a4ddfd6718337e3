// SPDX-License-Identifier: Apache-2.0
// Nothing that was not measured is judged: a claim about it is neither confirmed nor disproved.
#include <gtest/gtest.h>

#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

void expect_not_measurable(const Judgement& judgement, const std::string& reason) {
    EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
    EXPECT_EQ(judgement.measured, "");
    EXPECT_EQ(judgement.reason, reason);
}

TEST(not_measurable, what_is_absent_is_not_measurable_and_never_zero) {
    const char* const none = "metric = \"syscalls\"\nclass = \"exact\"\nleast = 0\nmost = 0";
    expect_not_measurable(MadeUpRun{}.judged(none), "not in this run");
    expect_not_measurable(MadeUpRun{}.saw("counted", "bpf", {"syscalls", ""}, Absent{"no permission"}).judged(none),
                          "no permission");
    expect_not_measurable(MadeUpRun{}.saw("timed", "bpf", {"syscalls", ""}, Absent{"lost events"}).judged(none), "lost events");
    EXPECT_EQ(MadeUpRun{}.agreed("syscalls", 0).judged(none).verdict, Verdict::confirmed) << "a counted zero is a zero";
}

TEST(not_measurable, half_of_the_queue_operations_is_not_all_of_them) {
    const char* const claim = "metric = \"queue_ops\"\nclass = \"bound\"\nleast = 0\nmost = 9";
    expect_not_measurable(MadeUpRun{}.agreed("sqes", 200).saw("counted", "bpf", {"cqes", ""}, Absent{"no probe"}).judged(claim),
                          "no probe");
    const Judgement both = MadeUpRun{}.agreed("sqes", 200).part("sqes", "recv", 200).agreed("cqes", 100).judged(claim);
    EXPECT_EQ(both.verdict, Verdict::confirmed);
    EXPECT_EQ(both.measured, "3");
    EXPECT_EQ(both.part, "sqes recv 2");
}

TEST(not_measurable, a_source_of_one_half_of_the_queue_operations_is_no_source_of_their_sum) {
    const char* const claim = "metric = \"queue_ops\"\nclass = \"bound\"\nleast = 0\nmost = 9";
    MadeUpRun run;
    run.saw("counted", "ledger", {"sqes", ""}, 200U).saw("counted", "bpf", {"sqes", ""}, Absent{"no tracepoint"});
    run.saw("counted", "fdinfo", {"sqes", ""}, 200U).agreed("cqes", 100).saw("counted", "fdinfo", {"cqes", ""}, 100U);
    const Judgement sum = run.judged(claim);
    EXPECT_EQ(sum.measured, "3");
    EXPECT_EQ(sum.counters, "ledger = fdinfo");
    expect_not_measurable(
        MadeUpRun{}.saw("counted", "bpf", {"sqes", ""}, 200U).saw("counted", "fdinfo", {"cqes", ""}, 100U).judged(claim),
        "no source counted both SQEs and CQEs");
}

TEST(not_measurable, parts_that_only_the_ledger_names_are_not_judged_without_it) {
    const char* const claim = "metric = \"allocations\"\nclass = \"exact\"\nleast = 1\nmost = 1\nparts = {input_copy = 1}";
    const auto timed_run = [](std::uint64_t value) {
        return MadeUpRun{}.saw("timed", "bpf", {"allocations", ""}, value).saw("timed", "bpf", {"allocations", "malloc"}, value);
    };
    const Judgement judgement = timed_run(100).judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
    EXPECT_EQ(judgement.measured, "1");
    EXPECT_EQ(judgement.reason, "only the ledger names these parts");
    EXPECT_EQ(timed_run(200).judged(claim).verdict, Verdict::disproved) << "the total alone disproves it";
}

TEST(not_measurable, a_part_that_is_absent_is_no_part_of_zero) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"exact\"\nleast = 1\nmost = 1\nparts = {recvfrom = 1}";
    MadeUpRun run;
    run.agreed("syscalls", 100).saw("counted", "ledger", {"syscalls", "recvfrom"}, Absent{"lost"});
    const Judgement judgement = run.judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
    EXPECT_EQ(judgement.reason, "the part recvfrom is absent: lost");
    EXPECT_EQ(judgement.part, "recvfrom absent");
}

TEST(not_measurable, the_seed_speaks_of_small_values_asked_one_at_a_time) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"bound\"\nleast = 2\nmost = 2";
    const auto cell = [](std::uint64_t key_bytes, std::uint64_t value_bytes, std::uint64_t pipeline) {
        CellKey key;
        key.build = "counted";
        key.key_bytes = key_bytes;
        key.value_bytes = value_bytes;
        key.pipeline = pipeline;
        return key;
    };
    MadeUpRun run;
    run.saw(cell(16, 64, 16), "bpf", {"syscalls", ""}, 7U);
    expect_not_measurable(run.judged(claim), "not in this run");
    run.saw(cell(16, 0, 1), "bpf", {"syscalls", ""}, 700U).saw(cell(16, 1024, 1), "bpf", {"syscalls", ""}, 700U);
    expect_not_measurable(run.judged(claim), "needs a value of less than 1024 bytes (the reference document's small value)");
    run.saw(cell(8, 1023, 1), "bpf", {"syscalls", ""}, 300U);
    EXPECT_EQ(run.judged(claim).measured, "3");
    run.saw(cell(16, 1023, 1), "bpf", {"syscalls", ""}, 200U);
    EXPECT_EQ(run.judged(claim).measured, "2") << "a key of 16 bytes before a shorter one";
}

TEST(not_measurable, another_variant_is_named_with_the_suite_that_has_it) {
    const char* const claim =
        "less = \"ideal\"\nsuite = \"ladders\"\nmetric = \"syscalls\"\nclass = \"bound\"\nleast = 2\nmost = 2";
    expect_not_measurable(MadeUpRun{}.agreed("syscalls", 200).judged(claim),
                          "uring/skip_send_cqe/gathered_reply is not in this run, the suite ladders has it");
}

TEST(not_measurable, copies_of_data_need_the_ledger) {
    const char* const claim = "metric = \"data_copies\"\nclass = \"exact\"\nleast = 1\nmost = 1\nparts = {accum_to_input = 1}";
    expect_not_measurable(MadeUpRun{}.saw("timed", "bpf", {"copies", ""}, 100U).judged(claim),
                          "only the ledger knows what a copy carried");
    const Judgement known = MadeUpRun{}
                                .agreed("copies", 200)
                                .part("copies", "accum_to_input", 100)
                                .part("copies", "key_to_header", 100)
                                .judged(claim);
    EXPECT_EQ(known.verdict, Verdict::confirmed) << known.part;
}

TEST(not_measurable, copies_of_the_value_are_a_slope_over_two_sizes) {
    const char* const claim = "metric = \"value_copies\"\nclass = \"exact\"\nleast = 2\nmost = 2\nparts = {storage_to_clone = 2}";
    // Two copies of the value and 30 bytes of text for each of 100 requests.
    const auto copied_bytes = [](std::uint64_t value_bytes) { return 100 * (value_bytes * 2 + 30); };
    MadeUpRun run;
    run.agreed("copied_bytes", copied_bytes(64)).part("copied_bytes", "storage_to_clone", 12800);
    expect_not_measurable(run.judged(claim), "needs two sizes of the value");
    run.saw("counted", "ledger", {"copied_bytes", ""}, copied_bytes(1064), 1064)
        .saw("counted", "bpf", {"copied_bytes", ""}, copied_bytes(1064), 1064)
        .saw("counted", "ledger", {"copied_bytes", "storage_to_clone"}, 212800U, 1064);
    const Judgement judgement = run.judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
    EXPECT_EQ(judgement.measured, "2");
}

}  // namespace
}  // namespace tare
