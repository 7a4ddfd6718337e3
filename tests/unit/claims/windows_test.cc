// SPDX-License-Identifier: Apache-2.0
// A claim holds in every window or not at all; parts that are inferred, opcodes of one family, call sites and functions.
#include <gtest/gtest.h>

#include "analysis/claims/check.h"
#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

constexpr const char* three = "metric = \"syscalls\"\nvalue = 3\nparts = {epoll_wait = 1, recvfrom = 1, sendto = 1}";

// Of 100 requests in the first window, 200 in the second; `calls` of each in all, made of the same three.
MadeUpRun two_windows(std::uint64_t first, std::uint64_t second) {
    MadeUpRun run;
    for (const auto& [repetition, calls] : {std::pair{0U, first}, std::pair{1U, second}}) {
        const std::uint64_t requests = 100 * (repetition + 1);
        run.in_window(repetition, requests).agreed("syscalls", calls);
        run.part("syscalls", "epoll_wait", requests)
            .part("syscalls", "recvfrom", requests)
            .part("syscalls", "sendto", calls - 2 * requests);
    }
    return run;
}

TEST(windows, a_claim_that_holds_in_the_first_alone_is_disproved) {
    EXPECT_EQ(two_windows(300, 600).judged(three).verdict, Verdict::confirmed);
    const Judgement judgement = two_windows(300, 1000).judged(three);
    EXPECT_EQ(judgement.verdict, Verdict::disproved);
    EXPECT_EQ(judgement.measured, "3, 5");
    EXPECT_EQ(judgement.part, "in the window of 200 requests: sendto: claimed 1, measured 3");
}

TEST(windows, exact_means_exact) {
    const Judgement judgement = two_windows(300, 601).judged("metric = \"syscalls\"\nvalue = 3");
    EXPECT_EQ(judgement.verdict, Verdict::disproved);
    EXPECT_EQ(judgement.measured, "3, 3.005");
    EXPECT_EQ(two_windows(300, 601).judged("metric = \"syscalls\"\nrange = [3, 3.005]").verdict, Verdict::confirmed);
}

TEST(windows, counters_that_differ_in_one_prove_nothing) {
    MadeUpRun run = two_windows(300, 600);
    run.in_window(1, 200).saw(Build::timed, Source::bpf, {"syscalls", ""}, 599U);
    const Judgement judgement = run.judged(three);
    EXPECT_EQ(judgement.verdict, Verdict::not_judged);
    EXPECT_NE(judgement.reason.find("the independent counters disagree"), std::string::npos) << judgement.reason;
}

TEST(parts, that_are_inferred_explain_and_never_disprove) {
    const Judgement judgement =
        two_windows(300, 600).judged("metric = \"syscalls\"\nvalue = 3\ninferred = {epoll_wait = 1, read = 1, sendto = 1}");
    EXPECT_EQ(judgement.verdict, Verdict::confirmed);
    EXPECT_NE(judgement.part.find("(not as inferred: read: claimed 1, measured 0; recvfrom: not claimed, measured 1)"),
              std::string::npos)
        << judgement.part;
}

TEST(parts, of_queue_operations_are_compared_by_what_they_are_for) {
    const auto run = [](const char* receive, const char* send) {
        MadeUpRun made;
        made.agreed("sqes", 200).part("sqes", receive, 100).part("sqes", send, 100);
        return made.agreed("cqes", 200).part("cqes", receive, 100).part("cqes", send, 100);
    };
    const char* const claim =
        "metric = \"queue_ops\"\nvalue = 4\nparts = {\"sqes recv\" = 1, \"cqes recv\" = 1, \"sqes send\" = 1, \"cqes send\" = 1}";
    EXPECT_EQ(run("read", "write").judged(claim).verdict, Verdict::confirmed);
    EXPECT_EQ(run("recvmsg", "sendmsg").judged(claim).verdict, Verdict::confirmed);
    EXPECT_EQ(run("recv", "poll_add").judged(claim).verdict, Verdict::disproved);
}

// As BPF alone sees an external server: parts by function, and a third window by call site.
MadeUpRun foreign_run(std::uint64_t in_handler) {
    MadeUpRun run;
    run.saw(Build::external, Source::bpf, {"allocations", ""}, 200U)
        .saw(Build::external, Source::bpf, {"allocations", "malloc"}, 200U);
    run.in_window(2, 100).saw(Build::external, Source::bpf, {"allocation_sites", ""}, 200U);
    run.saw(Build::external, Source::bpf, {"allocation_sites", "app::handle_readable(int) (app/serve.cc:12)"}, in_handler);
    run.saw(Build::external, Source::bpf, {"allocation_sites", "app::parse (app/parse.cc:3)"}, 200 - in_handler);
    return run;
}

TEST(parts, of_allocations_are_functions_and_call_sites) {
    const std::string claim = "metric = \"allocations\"\nvalue = 2\nparts = {malloc = 2}\nsites = {handle_readable = 1}";
    const Judgement holds = foreign_run(100).judged(claim);
    EXPECT_EQ(holds.verdict, Verdict::confirmed) << holds.reason << holds.part;
    EXPECT_EQ(counters_text(holds), "one counter: bpf");
    const Judgement twice = foreign_run(200).judged(claim);
    EXPECT_EQ(twice.verdict, Verdict::disproved);
    EXPECT_EQ(twice.part, "handle_readable: claimed 1, measured 2");
    EXPECT_EQ(foreign_run(100).judged("metric = \"allocations\"\nvalue = 2\nparts = {calloc = 2}").verdict, Verdict::disproved);
}

TEST(parts, of_a_call_site_that_the_run_does_not_have_are_not_judged_and_what_there_is_is_told) {
    const Judgement misspelt = foreign_run(100).judged("metric = \"allocations\"\nvalue = 2\nsites = {handle_readble = 1}");
    EXPECT_EQ(misspelt.verdict, Verdict::not_judged);
    EXPECT_EQ(misspelt.reason, "no call site is in a function 'handle_readble'; there is: app::handle_readable(int), app::parse");
    EXPECT_NE(
        two_windows(300, 600).judged("metric = \"syscalls\"\nvalue = 3\nsites = {work = 1}").reason.find("call_sites = true"),
        std::string::npos);
}

TEST(headline, counts_a_fact_once_however_often_it_is_claimed) {
    const ClaimsFile file = parse_claims(
        "[[claim]]\nid = \"a\"\nserver = \"s\"\nop = \"get\"\nmetric = \"syscalls\"\nvalue = 3\n"
        "[[claim]]\nid = \"b\"\nserver = \"s\"\nop = \"get\"\nmetric = \"syscalls\"\nvalue = 3\n"
        "[[claim]]\nid = \"c\"\nserver = \"s\"\nop = \"get\"\nmetric = \"syscalls\"\nvalue = 2\nmust = true\n",
        "made up");
    const std::vector<Judgement> judgements{{&file.claims[0], "get", Verdict::confirmed, "3", "", "", ""},
                                            {&file.claims[1], "get", Verdict::confirmed, "3", "", "", ""},
                                            {&file.claims[2], "get", Verdict::not_judged, "", "", "", "absent"}};
    const Headline headline = headline_of(judgements);
    EXPECT_EQ(to_string(headline), "2 facts: 1 confirmed, 1 not judged");
    EXPECT_EQ(headline.needed, 1U);
}

}  // namespace
}  // namespace tare
