// SPDX-License-Identifier: Apache-2.0
// Adding a rung is one struct: here one is added on top of the ladder, and it is served, predicted and counted like any other.
// Its name and description are those of the rung below, which is enough without a catalogue.
#include <gtest/gtest.h>

#include "core/ledger.h"
#include "servers/path/ladder.h"
#include "servers/path/request_path.h"
#include "servers/variant_of.h"

namespace tare {
namespace {

// Keys in a vector again, on the rung that needs nothing else.
struct Added : GatheredReply {
    using Keys = HeapKeys;
};

static_assert(decisions_apart<GatheredReply, Added> == 1);
static_assert(one_decision_a_rung(TypeList<GetInto, GatheredReply, Added>{}));
static_assert(!one_decision_a_rung(TypeList<InlineKeys, GetInto>{}), "two decisions at once are no rung");
static_assert(!one_decision_a_rung(TypeList<GetInto, GetInto>{}), "no decision is no rung");

TEST(added_rung, costs_what_it_predicts) {
    static_assert(Ledger::counts);
    Store store(std::size_t{4} << 20);
    RequestPath<Added> path(store);
    Session session;
    RequestPath<Added>::Output output;
    const Workload workload{Operation::get_hit, 3, 5};
    path.serve(session, "set key 0 0 5\r\nvalue\r\nget key\r\n", output);
    output.consume(output.size_bytes());
    const Counts open = Ledger::page().counts;
    path.serve(session, "get key\r\n", output);
    EXPECT_EQ(output.size_bytes(), wire::reply_shape(workload).size_bytes());
    EXPECT_EQ(open + RequestPath<Added>::cost(workload), Ledger::page().counts);
}

}  // namespace
}  // namespace tare
