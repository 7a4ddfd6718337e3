// SPDX-License-Identifier: Apache-2.0
// Claims against runs made up for the purpose: what is confirmed, and what is disproved by which part.
#include "analysis/claims/judge.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/model/count.h"
#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

constexpr const char* three_calls =
    "metric = \"syscalls\"\nclass = \"exact\"\nvalue = 3\nparts = {epoll_wait = 1, recvfrom = 1, sendto = 1}";

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
    EXPECT_EQ(judgement.counters, "ledger = bpf");
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

TEST(verdict, a_bound_that_names_parts_is_held_to_them) {
    const char* const claim =
        "metric = \"allocations\"\nclass = \"bound\"\nrange = [3, 4]\nparts = {input_copy = 1, response = 1, item_clone = "
        "1}";
    const auto run = [](const char* third) {
        return MadeUpRun{}
            .agreed("allocations", 300)
            .part("allocations", "input_copy", 100)
            .part("allocations", "response", 100)
            .part("allocations", third, 100);
    };
    EXPECT_EQ(run("item_clone").judged(claim).verdict, Verdict::confirmed);
    const Judgement judgement = run("keys_ref").judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::disproved);
    EXPECT_EQ(judgement.part, "item_clone: claimed 1, measured 0; keys_ref: not claimed, measured 1");
}

TEST(verdict, a_bound_without_parts_holds_at_both_ends) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"bound\"\nrange = [2, 3]";
    for (const auto& [total, verdict] : {std::pair{199U, Verdict::disproved}, std::pair{200U, Verdict::confirmed},
                                         std::pair{300U, Verdict::confirmed}, std::pair{301U, Verdict::disproved}})
        EXPECT_EQ(MadeUpRun{}.agreed("syscalls", total).part("syscalls", "any", total).judged(claim).verdict, verdict) << total;
}

TEST(verdict, a_difference_is_of_totals_and_of_parts) {
    const char* const claim = "less = \"mio\"\nmetric = \"syscalls\"\nclass = \"exact\"\nvalue = 0";
    const Judgement judgement = three_calls_run().judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
    EXPECT_EQ(judgement.measured, "0");

    const CellPair cells = three_calls_run().measured().small_cells({"epoll", "level", "as_described"}, "get_hit");
    const Count three = count_of(three_calls_run().measured(), cells, "syscalls");
    const Count two =
        count_of(MadeUpRun{}.agreed("syscalls", 200).part("syscalls", "sendmsg", 200).measured(), cells, "syscalls");
    const Count more = difference(three, two);
    EXPECT_EQ(count_text(more.total.value()), "1");
    EXPECT_EQ(count_text(more.parts.at("epoll_wait").value()), "1");
    EXPECT_EQ(count_text(more.parts.at("sendmsg").value()), "-2");
}

// As the reference document's ideal: two SQEs and no word of the completions that they bring.
TEST(verdict, a_claim_of_sqes_alone_is_not_held_to_the_completions) {
    const auto run = [] {
        MadeUpRun made;
        made.agreed("sqes", 200).agreed("cqes", 100).part("cqes", "recv", 100);
        return made.part("sqes", "recv", 100).part("sqes", "send", 100);
    };
    const std::string two = "class = \"exact\"\nvalue = 2\nparts = {\"sqes recv\" = 1, \"sqes send\" = 1}\n";
    EXPECT_EQ(run().judged("metric = \"queue_sqes\"\n" + two).verdict, Verdict::confirmed);
    EXPECT_EQ(run().judged("metric = \"queue_ops\"\n" + two).verdict, Verdict::disproved);
    const Judgement gap = run().judged(
        "metric = \"queue_ops\"\nless = \"mio\"\nother_metric = \"queue_sqes\"\nclass = \"exact\"\nvalue = 1\n"
        "parts = {\"cqes recv\" = 1}\n");
    EXPECT_EQ(gap.verdict, Verdict::confirmed) << gap.part << gap.reason;
}

TEST(verdict, the_kernels_copy_of_a_request_counts_where_the_claim_has_it) {
    const char* const claim =
        "metric = \"received_data_copies\"\nclass = \"exact\"\nvalue = 2\nparts = {kernel_to_read = 1, value_to_write "
        "= 1}";
    const auto run = [](std::uint64_t received_bytes) {
        return MadeUpRun{}
            .agreed("copies", 100)
            .part("copies", "value_to_write", 100)
            .saw(Build::counted, Source::client, {"sent_bytes", ""}, 2200U)
            .saw(Build::counted, Source::ledger, {"received_bytes", ""}, 2200U)
            .saw(Build::counted, Source::bpf, {"kernel_copied_bytes", "received"}, received_bytes)
            .saw(Build::counted, Source::bpf, {"kernel_copied_bytes", ""}, 9000U);
    };
    const Judgement judgement = run(2200).judged(claim);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part << judgement.reason;
    EXPECT_EQ(judgement.counters, "ledger = bpf; received: ledger = bpf");
    EXPECT_EQ(run(1100).judged(claim).reason, "the independent counters disagree");
    EXPECT_EQ(MadeUpRun{}.agreed("copies", 100).part("copies", "value_to_write", 100).judged(claim).verdict, Verdict::not_judged);
}

TEST(verdict, an_amortised_claim_is_not_judged_in_lockstep_whatever_was_measured) {
    const char* const claim = "metric = \"syscalls\"\nclass = \"amortised\"\nvalue = 1";
    for (const std::uint64_t total : {100U, 200U}) {
        const Judgement judgement = MadeUpRun{}.agreed("syscalls", total).judged(claim);
        EXPECT_EQ(judgement.verdict, Verdict::not_judged);
        EXPECT_NE(judgement.reason.find("average"), std::string::npos) << judgement.reason;
    }
}

TEST(verdict, witnesses_that_disagree_prove_nothing) {
    const Judgement judgement = three_calls_run().saw(Build::timed, Source::bpf, {"syscalls", ""}, 299U).judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::not_judged);
    EXPECT_EQ(judgement.reason, "the independent counters disagree");
    EXPECT_EQ(judgement.counters, "ledger counts 3, bpf (timed build) counts 2.990");
}

TEST(verdict, system_calls_have_the_same_names_for_every_witness) {
    const Judgement judgement = MadeUpRun{}
                                    .saw(Build::timed, Source::bpf, {"syscalls", ""}, 300U)
                                    .saw(Build::timed, Source::bpf, {"syscalls", "epoll_wait"}, 100U)
                                    .saw(Build::timed, Source::bpf, {"syscalls", "recvfrom"}, 100U)
                                    .saw(Build::timed, Source::bpf, {"syscalls", "sendto"}, 100U)
                                    .judged(three_calls);
    EXPECT_EQ(judgement.verdict, Verdict::confirmed) << judgement.part;
}

struct Pair {
    const char* second;
    bool contradiction;
    const char* relation;
};

TEST(consistency, statements_agree_overlap_or_contradict) {
    for (const auto& [second, contradiction, relation] :
         {Pair{"range = [2, 3]", false, "agree"}, Pair{"range = [3, 4]", false, "overlap"},
          Pair{"value = 4", true, "contradict"}}) {
        const char* const claim =
            "section = \"T\"\nline = 1\nserver = \"mio\"\nop = \"set\"\ntext = \"n\"\nmetric = \"syscalls\"\nclass = \"bound\"\n";
        const std::string text = fmt::format(
            "[servers]\nmio = \"epoll/level/as_described\"\n[[claim]]\nid = \"a\"\n{0}range = [2, 3]\n[[claim]]\nid = "
            "\"b\"\n{0}{1}\n"
            "[[consistency]]\nid = \"p\"\nfirst = \"a\"\nsecond = \"b\"\nremark = \"\"\n",
            claim, second);
        const ClaimsFile reference = parse_claims(text, "made up");
        const auto judgements = judge_consistency(reference);
        EXPECT_EQ(judgements.front().contradiction, contradiction);
        EXPECT_EQ(judgements.front().verdict(), contradiction ? "contradiction" : "no contradiction");
        EXPECT_NE(judgements.front().statement.find(relation), std::string::npos) << judgements.front().statement;
    }
}

}  // namespace
}  // namespace tare
