// SPDX-License-Identifier: Apache-2.0
// Claims against runs made up for the purpose: what is confirmed, what is disproved by which part, and that nothing
// that was not measured is judged.
#include "analysis/verdict.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace tare {
namespace {

constexpr std::uint64_t requests = 100;

// A run of one operation on one variant, in both builds.
class MadeUpRun {
public:
    // `reading` is of the whole window, of 100 requests.
    MadeUpRun& saw(const std::string& build, const std::string& source, const Quantity& quantity, const Reading& reading,
                   std::uint64_t value_bytes = 64) {
        Observation seen;
        seen.cell.variant = {"epoll", "level", "as_described"};
        seen.cell.build = build;
        seen.cell.op = "get_hit";
        seen.cell.value_bytes = value_bytes;
        seen.source = source;
        seen.quantity = quantity;
        seen.requests = requests;
        seen.reading = reading;
        rows_.push_back(seen);
        return *this;
    }
    // The same total by ledger and BPF.
    MadeUpRun& agreed(const std::string& metric, std::uint64_t value) {
        return saw("counted", "ledger", {metric, ""}, value).saw("counted", "bpf", {metric, ""}, value);
    }
    MadeUpRun& part(const std::string& metric, const std::string& detail, std::uint64_t value) {
        return saw("counted", "ledger", {metric, detail}, value);
    }

    // The claim that the judgement points at is gone by then.
    Judgement judged(const std::string& claim) const {
        const std::string text = fmt::format(R"([servers]
mio = "epoll/level/as_described"
[[claim]]
id = "c"
section = "Table"
line = 1
server = "mio"
op = "get_hit"
text = "n"
{}
[[consistency]]
id = "same"
first = "c"
second = "c"
remark = ""
)",
                                             claim);
        return judge_claims(parse_claims(text, "made up"), Measurements(rows_)).front();
    }

private:
    std::vector<Observation> rows_;
};

constexpr const char* three_calls =
    "metric = \"syscalls\"\nclass = \"exact\"\nleast = 3\nmost = 3\nparts = {epoll_wait = 1, recvfrom = 1, sendto = 1}";

MadeUpRun three_calls_run() {
    return MadeUpRun{}
        .agreed("syscalls", 300)
        .part("syscalls", "epoll_wait", 100)
        .part("syscalls", "recvfrom", 100)
        .part("syscalls", "sendto", 100);
}

TEST(verdict, an_exact_claim_holds_by_total_and_by_part) {
    const Judgement judgement = three_calls_run().judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed);
    EXPECT_EQ(judgement.measured, "3");
    EXPECT_EQ(judgement.part, "epoll_wait 1, recvfrom 1, sendto 1");
    EXPECT_EQ(judgement.witnesses, "ledger = bpf");
}

TEST(verdict, a_right_total_of_wrong_parts_is_disproved_and_names_them) {
    const Judgement judgement = MadeUpRun{}
                                    .agreed("syscalls", 300)
                                    .part("syscalls", "epoll_wait", 100)
                                    .part("syscalls", "recvfrom", 150)
                                    .part("syscalls", "close", 50)
                                    .judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::disproved);
    EXPECT_EQ(judgement.measured, "3");
    EXPECT_EQ(judgement.part,
              "recvfrom: claimed 1, measured 1.5; sendto: claimed 1, measured 0; close: not claimed, measured 0.5");
}

TEST(verdict, a_wrong_total_is_disproved) {
    const Judgement judgement = MadeUpRun{}.agreed("syscalls", 301).part("syscalls", "read", 301).judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::disproved);
    EXPECT_EQ(judgement.measured, "3.010");
}

TEST(verdict, a_bound_holds_at_both_ends_whatever_the_parts) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"bound\"\nleast = 2\nmost = 3";
    for (const auto& [total, verdict] : {std::pair{199U, Verdict::disproved}, std::pair{200U, Verdict::confirmed},
                                         std::pair{300U, Verdict::confirmed}, std::pair{301U, Verdict::disproved}})
        EXPECT_EQ(MadeUpRun{}.agreed("syscalls", total).part("syscalls", "any", total).judged(claim).verdict, verdict) << total;
}

TEST(verdict, an_amortised_claim_is_not_measurable_in_lockstep_whatever_was_measured) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"amortised\"\nleast = 1\nmost = 1";
    for (const std::uint64_t total : {100U, 200U}) {
        const Judgement judgement = MadeUpRun{}.agreed("syscalls", total).judged(claim);
        EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
        EXPECT_NE(judgement.reason.find("average"), std::string::npos) << judgement.reason;
    }
}

void expect_not_measurable(const Judgement& judgement, const std::string& reason) {
    EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
    EXPECT_EQ(judgement.measured, "");
    EXPECT_EQ(judgement.reason, reason);
}

TEST(verdict, what_is_absent_is_not_measurable_and_never_zero) {
    const char* const none = "metric = \"syscalls\"\nclass = \"exact\"\nleast = 0\nmost = 0";
    expect_not_measurable(MadeUpRun{}.judged(none), "not in this run");
    expect_not_measurable(MadeUpRun{}.saw("counted", "bpf", {"syscalls", ""}, Absent{"no permission"}).judged(none),
                          "no permission");
    expect_not_measurable(MadeUpRun{}.saw("timed", "bpf", {"syscalls", ""}, Absent{"lost events"}).judged(none), "lost events");
    EXPECT_EQ(MadeUpRun{}.agreed("syscalls", 0).judged(none).verdict, Verdict::confirmed) << "a counted zero is a zero";
}

TEST(verdict, half_of_the_queue_operations_is_not_all_of_them) {
    const char* const claim = "metric = \"queue_ops\"\nclass = \"bound\"\nleast = 0\nmost = 9";
    expect_not_measurable(MadeUpRun{}.agreed("sqes", 200).saw("counted", "bpf", {"cqes", ""}, Absent{"no probe"}).judged(claim),
                          "no probe");
    const Judgement both = MadeUpRun{}.agreed("sqes", 200).part("sqes", "recv", 200).agreed("cqes", 100).judged(claim);
    EXPECT_EQ(both.verdict, Verdict::confirmed);
    EXPECT_EQ(both.measured, "3");
    EXPECT_EQ(both.part, "sqes recv 2");
}

TEST(verdict, witnesses_that_disagree_prove_nothing) {
    const Judgement judgement = three_calls_run().saw("timed", "bpf", {"syscalls", ""}, 299U).judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::not_measurable);
    EXPECT_EQ(judgement.reason, "the witnesses disagree");
    EXPECT_EQ(judgement.witnesses, "ledger counts 3, bpf (timed build) counts 2.990");
}

TEST(verdict, parts_that_only_the_ledger_names_are_not_judged_without_it) {
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

TEST(verdict, system_calls_have_the_same_names_for_every_witness) {
    const Judgement judgement = MadeUpRun{}
                                    .saw("timed", "bpf", {"syscalls", ""}, 300U)
                                    .saw("timed", "bpf", {"syscalls", "epoll_wait"}, 100U)
                                    .saw("timed", "bpf", {"syscalls", "recvfrom"}, 100U)
                                    .saw("timed", "bpf", {"syscalls", "sendto"}, 100U)
                                    .judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
}

TEST(verdict, copies_of_data_need_the_ledger) {
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

TEST(verdict, copies_of_the_value_are_a_slope_over_two_sizes) {
    const char* const claim = "metric = \"value_copies\"\nclass = \"exact\"\nleast = 2\nmost = 2\nparts = {storage_to_clone = 2}";
    MadeUpRun run;
    run.agreed("copied_bytes", 100 * (64 * 2 + 30)).part("copied_bytes", "storage_to_clone", 100 * 64 * 2);
    expect_not_measurable(run.judged(claim), "needs two sizes of the value");
    run.saw("counted", "ledger", {"copied_bytes", ""}, 100U * (1064 * 2 + 30), 1064)
        .saw("counted", "bpf", {"copied_bytes", ""}, 100U * (1064 * 2 + 30), 1064)
        .saw("counted", "ledger", {"copied_bytes", "storage_to_clone"}, 100U * 1064 * 2, 1064);
    const Judgement judgement = run.judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
    EXPECT_EQ(judgement.measured, "2");
}

struct Pair {
    const char* second;
    Verdict verdict;
    const char* relation;
};

TEST(consistency, statements_agree_overlap_or_contradict) {
    for (const auto& [second, verdict, relation] :
         {Pair{"least = 2\nmost = 3", Verdict::confirmed, "agree"}, Pair{"least = 3\nmost = 4", Verdict::confirmed, "overlap"},
          Pair{"least = 4\nmost = 4", Verdict::disproved, "contradict"}}) {
        const char* const claim =
            "section = \"T\"\nline = 1\nserver = \"mio\"\nop = \"set\"\ntext = \"n\"\nmetric = \"syscalls\"\nclass = \"bound\"\n";
        const std::string text = fmt::format(
            "[servers]\nmio = \"epoll/level/as_described\"\n[[claim]]\nid = \"a\"\n{0}least = 2\nmost = 3\n[[claim]]\nid = "
            "\"b\"\n{0}{1}\n"
            "[[consistency]]\nid = \"p\"\nfirst = \"a\"\nsecond = \"b\"\nremark = \"\"\n",
            claim, second);
        const SeedClaims seed = parse_claims(text, "made up");
        const auto judgements = judge_consistency(seed);
        EXPECT_EQ(judgements.front().verdict, verdict);
        EXPECT_NE(judgements.front().statement.find(relation), std::string::npos) << judgements.front().statement;
    }
}

}  // namespace
}  // namespace tare
