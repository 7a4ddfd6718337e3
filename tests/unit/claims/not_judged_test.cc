// SPDX-License-Identifier: Apache-2.0
// Nothing that was not measured is judged: a claim about it is neither confirmed nor disproved.
#include <gtest/gtest.h>

#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

void expect_not_judged(const Judgement& judgement, const std::string& reason) {
    EXPECT_EQ(judgement.verdict, Verdict::not_judged);
    EXPECT_EQ(judgement.measured, "");
    EXPECT_EQ(judgement.reason, reason);
}

TEST(not_judged, what_is_absent_is_not_judged_and_never_zero) {
    const char* const none = "metric = \"syscalls\"\nclass = \"exact\"\nvalue = 0";
    expect_not_judged(MadeUpRun{}.judged(none), "epoll/level/as_described is not in this run");
    expect_not_judged(MadeUpRun{}.saw(Build::counted, Source::bpf, {"syscalls", ""}, Absent{"no permission"}).judged(none),
                      "no permission");
    expect_not_judged(MadeUpRun{}.saw(Build::timed, Source::bpf, {"syscalls", ""}, Absent{"lost events"}).judged(none),
                      "lost events");
    EXPECT_EQ(MadeUpRun{}.agreed("syscalls", 0).judged(none).verdict, Verdict::confirmed) << "a counted zero is a zero";
}

TEST(not_judged, half_of_the_queue_operations_is_not_all_of_them) {
    const char* const claim = "metric = \"queue_ops\"\nclass = \"bound\"\nrange = [0, 9]";
    expect_not_judged(
        MadeUpRun{}.agreed("sqes", 200).saw(Build::counted, Source::bpf, {"cqes", ""}, Absent{"no probe"}).judged(claim),
        "no probe");
    const Judgement both = MadeUpRun{}.agreed("sqes", 200).part("sqes", "recv", 200).agreed("cqes", 100).judged(claim);
    EXPECT_EQ(both.verdict, Verdict::confirmed);
    EXPECT_EQ(both.measured, "3");
    EXPECT_EQ(both.part, "sqes recv 2");
}

TEST(not_judged, a_source_of_one_half_of_the_queue_operations_is_no_source_of_their_sum) {
    const char* const claim = "metric = \"queue_ops\"\nclass = \"bound\"\nrange = [0, 9]";
    MadeUpRun run;
    run.saw(Build::counted, Source::ledger, {"sqes", ""}, 200U)
        .saw(Build::counted, Source::bpf, {"sqes", ""}, Absent{"no tracepoint"});
    run.saw(Build::counted, Source::fdinfo, {"sqes", ""}, 200U)
        .agreed("cqes", 100)
        .saw(Build::counted, Source::fdinfo, {"cqes", ""}, 100U);
    const Judgement sum = run.judged(claim);
    EXPECT_EQ(sum.measured, "3");
    EXPECT_EQ(sum.counters, "ledger = fdinfo");
    expect_not_judged(MadeUpRun{}
                          .saw(Build::counted, Source::bpf, {"sqes", ""}, 200U)
                          .saw(Build::counted, Source::fdinfo, {"cqes", ""}, 100U)
                          .judged(claim),
                      "no source counted both SQEs and CQEs");
}

TEST(not_judged, parts_that_only_the_ledger_names_are_not_judged_without_it) {
    const char* const claim = "metric = \"allocations\"\nclass = \"exact\"\nvalue = 1\nparts = {input_copy = 1}";
    const auto timed_run = [](std::uint64_t value) {
        return MadeUpRun{}
            .saw(Build::timed, Source::bpf, {"allocations", ""}, value)
            .saw(Build::timed, Source::bpf, {"allocations", "malloc"}, value);
    };
    const Judgement judgement = timed_run(100).judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::not_judged);
    EXPECT_EQ(judgement.measured, "1");
    EXPECT_EQ(judgement.reason, "only the ledger names these parts");
    EXPECT_EQ(timed_run(200).judged(claim).verdict, Verdict::disproved) << "the total alone disproves it";
}

TEST(not_judged, a_part_that_is_absent_is_no_part_of_zero) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"exact\"\nvalue = 1\nparts = {recvfrom = 1}";
    MadeUpRun run;
    run.agreed("syscalls", 100).saw(Build::counted, Source::ledger, {"syscalls", "recvfrom"}, Absent{"lost"});
    const Judgement judgement = run.judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::not_judged);
    EXPECT_EQ(judgement.reason, "the part recvfrom is absent: lost");
    EXPECT_EQ(judgement.part, "recvfrom absent");
}

TEST(not_judged, the_seed_speaks_of_small_values_asked_one_at_a_time) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"bound\"\nvalue = 2";
    const auto cell = [](std::uint64_t key_bytes, std::uint64_t value_bytes, std::uint64_t pipeline) {
        CellKey key;
        key.build = Build::counted;
        key.key_bytes = key_bytes;
        key.value_bytes = value_bytes;
        key.pipeline = pipeline;
        return key;
    };
    MadeUpRun run;
    run.saw(cell(16, 64, 16), Source::bpf, {"syscalls", ""}, 7U);
    expect_not_judged(run.judged(claim), "epoll/level/as_described is not in this run");
    run.saw(cell(16, 0, 1), Source::bpf, {"syscalls", ""}, 700U).saw(cell(16, 1024, 1), Source::bpf, {"syscalls", ""}, 700U);
    expect_not_judged(run.judged(claim),
                      "needs a value of less than 1024 bytes; there is: epoll/level/as_described counted get_hit 16 0, "
                      "epoll/level/as_described counted get_hit 16 1024");
    run.saw(cell(8, 1023, 1), Source::bpf, {"syscalls", ""}, 300U);
    EXPECT_EQ(run.judged(claim).measured, "3");
    run.saw(cell(16, 1023, 1), Source::bpf, {"syscalls", ""}, 200U);
    EXPECT_EQ(run.judged(claim).measured, "2") << "a key of 16 bytes before a shorter one";
}

TEST(not_judged, another_variant_is_named_with_the_suite_that_has_it) {
    const char* const claim = "less = \"ideal\"\nsuite = \"ladders\"\nmetric = \"syscalls\"\nclass = \"bound\"\nvalue = 2";
    expect_not_judged(MadeUpRun{}.agreed("syscalls", 200).judged(claim),
                      "uring/skip_send_cqe/gathered_reply is not in this run, the suite ladders has it");
}

TEST(not_judged, copies_of_data_need_the_ledger) {
    const char* const claim = "metric = \"data_copies\"\nclass = \"exact\"\nvalue = 1\nparts = {accum_to_input = 1}";
    expect_not_judged(MadeUpRun{}.saw(Build::timed, Source::bpf, {"copies", ""}, 100U).judged(claim),
                      "only the ledger knows what a copy carried");
    const Judgement known = MadeUpRun{}
                                .agreed("copies", 200)
                                .part("copies", "accum_to_input", 100)
                                .part("copies", "key_to_header", 100)
                                .judged(claim);
    EXPECT_EQ(known.verdict, Verdict::confirmed) << known.part;
}

TEST(not_judged, copies_of_the_value_are_a_slope_over_two_sizes) {
    const char* const claim = "metric = \"value_copies\"\nclass = \"exact\"\nvalue = 2\nparts = {storage_to_clone = 2}";
    // Two copies of the value and 30 bytes of text for each of 100 requests.
    const auto copied_bytes = [](std::uint64_t value_bytes) { return 100 * (value_bytes * 2 + 30); };
    MadeUpRun run;
    run.agreed("copied_bytes", copied_bytes(64)).part("copied_bytes", "storage_to_clone", 12800);
    expect_not_judged(run.judged(claim), "needs two sizes of the value");
    run.saw(Build::counted, Source::ledger, {"copied_bytes", ""}, copied_bytes(1064), 1064)
        .saw(Build::counted, Source::bpf, {"copied_bytes", ""}, copied_bytes(1064), 1064)
        .saw(Build::counted, Source::ledger, {"copied_bytes", "storage_to_clone"}, 212800U, 1064);
    const Judgement judgement = run.judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
    EXPECT_EQ(judgement.measured, "2");
}

}  // namespace
}  // namespace tare
