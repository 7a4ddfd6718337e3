// SPDX-License-Identifier: Apache-2.0
// A window balances or names what does not; a side that nobody read proves nothing.
#include "harness/bench/invariants.h"

#include <gtest/gtest.h>

namespace tare {
namespace {

constexpr std::uint64_t requests = 100;
constexpr std::uint64_t replies = 90;

Sources balanced() {
    return {{Source::client,
             {{{"requests_sent", ""}, requests},
              {{"replies_received", ""}, replies},
              {{"sent_bytes", ""}, 2400U},
              {{"received_bytes", ""}, 900U}}},
            {Source::ledger,
             {{{"requests_parsed", ""}, requests},
              {{"received_bytes", ""}, 2400U},
              {{"sent_bytes", ""}, 900U},
              {{"sqes", ""}, 200U},
              {{"cqes", ""}, 201U}}},
            {Source::bpf,
             {{{"kernel_copied_bytes", ""}, 3300U},
              {{"kernel_copied_bytes", "received"}, 2400U},
              {{"kernel_copied_bytes", "sent"}, 900U},
              {{"sqes", ""}, 200U},
              {{"cqes", ""}, 201U}}},
            {Source::fdinfo, {{{"sqes", ""}, 200U}, {{"cqes", ""}, 201U}}}};
}

std::string said(const Sources& window) { return violation(window, requests, replies).value_or("balanced"); }

Sources with(Source source, const Quantity& quantity, const Measured<std::uint64_t>& reading) {
    Sources window = balanced();
    window.at(source).set(quantity, reading);
    return window;
}

TEST(identities, a_balanced_window_says_nothing) { EXPECT_EQ(said(balanced()), "balanced"); }

TEST(identities, the_client_must_have_sent_and_received_what_it_was_told_to) {
    EXPECT_EQ(said(with(Source::client, {"requests_sent", ""}, 99U)), "the client was to send 100 requests");
    EXPECT_EQ(said(with(Source::client, {"replies_received", ""}, 91U)), "the client was to receive 90 replies");
    EXPECT_EQ(said(with(Source::client, {"requests_sent", ""}, Absent{"gone"})), "the client was to send 100 requests");
}

TEST(identities, a_server_that_has_sockets_of_others_moves_at_least_the_clients_bytes) {
    const auto of_others = [](const Sources& window) {
        return violation(window, requests, replies, Sockets::of_others_too).value_or("balanced");
    };
    const Quantity sent{"kernel_copied_bytes", "sent"};
    EXPECT_EQ(of_others(with(Source::bpf, sent, 5000U)), "balanced");
    EXPECT_EQ(said(with(Source::bpf, sent, 5000U)), "client received_bytes is 900, bpf kernel_copied_bytes sent is 5000");
    EXPECT_EQ(of_others(with(Source::bpf, sent, 899U)), "client received_bytes is 900, bpf kernel_copied_bytes sent is 899");
    EXPECT_NE(of_others(with(Source::bpf, {"sqes", ""}, 300U)), "balanced");
}

struct Broken {
    Source source;
    Quantity quantity;
    const char* said;
};

TEST(identities, each_one_that_is_broken_alone_is_named) {
    for (const auto& [source, quantity, words] :
         {Broken{Source::ledger, {"requests_parsed", ""}, "client requests_sent is 100, ledger requests_parsed is 7"},
          Broken{Source::ledger, {"received_bytes", ""}, "client sent_bytes is 2400, ledger received_bytes is 7"},
          Broken{Source::ledger, {"sent_bytes", ""}, "client received_bytes is 900, ledger sent_bytes is 7"},
          Broken{Source::bpf,
                 {"kernel_copied_bytes", "received"},
                 "client sent_bytes is 2400, bpf kernel_copied_bytes received is 7"},
          Broken{Source::bpf, {"kernel_copied_bytes", "sent"}, "client received_bytes is 900, bpf kernel_copied_bytes sent is 7"},
          Broken{Source::bpf, {"sqes", ""}, "ledger sqes is 200, bpf sqes is 7"},
          Broken{Source::bpf, {"cqes", ""}, "ledger cqes is 201, bpf cqes is 7"},
          Broken{Source::fdinfo, {"sqes", ""}, "fdinfo sqes is 7, bpf sqes is 200"},
          Broken{Source::fdinfo, {"cqes", ""}, "fdinfo cqes is 7, bpf cqes is 201"}})
        EXPECT_EQ(said(with(source, quantity, 7U)), words);
}

TEST(identities, fdinfo_and_ledger_are_compared_where_bpf_is_absent) {
    Sources window = with(Source::fdinfo, {"sqes", ""}, 7U);
    window.erase(Source::bpf);
    EXPECT_EQ(said(window), "fdinfo sqes is 7, ledger sqes is 200");
}

TEST(identities, a_part_that_never_happened_beside_its_total_is_zero) {
    Sources window = balanced();
    window.at(Source::bpf).erase({"kernel_copied_bytes", "sent"});
    EXPECT_EQ(said(window), "client received_bytes is 900, bpf kernel_copied_bytes sent is 0");
}

TEST(identities, an_absent_side_is_skipped) {
    for (const Source source : {Source::ledger, Source::bpf, Source::fdinfo}) {
        Sources missing = balanced();
        missing.erase(source);
        EXPECT_EQ(said(missing), "balanced") << name_of(source);
        Sources absent = balanced();
        absent.at(source) = absent.at(source).without_readings("no permission");
        EXPECT_EQ(said(absent), "balanced") << name_of(source);
    }
}

}  // namespace
}  // namespace tare
