// SPDX-License-Identifier: Apache-2.0
// What a run holds of an operation is what its requests cost, and not what the server did by itself beside them.
#include "analysis/model/measurements.h"

#include <gtest/gtest.h>

#include "tests/unit/made_up_run.h"

namespace tare {
namespace {

const VariantName variant{"epoll", "level", "as_described"};

CellKey background_cell() {
    CellKey cell;
    cell.build = Build::counted;
    cell.kind = Kind::background;
    cell.value_bytes = 8;  // smaller than that of the requests, so that it would be the small cell
    return cell;
}

TEST(measurements, idle_activity_beside_an_operation_is_not_the_operation) {
    MadeUpRun run;
    run.saw(background_cell(), Source::bpf, {"syscalls", ""}, 10U);
    EXPECT_FALSE(run.measured().holds(variant, "get_hit"));
    EXPECT_FALSE(run.measured().small_cells(variant, "get_hit").any());
    run.saw(Build::counted, Source::bpf, {"syscalls", ""}, 300U);
    const CellPair small = run.measured().small_cells(variant, "get_hit");
    ASSERT_TRUE(small.counted.has_value());
    EXPECT_EQ(small.counted->kind, Kind::request);
    EXPECT_EQ(small.counted->value_bytes, 64U);
    EXPECT_EQ(run.measured().figure(*small.counted, Source::bpf, {"syscalls", ""}).value(), 3);
}

}  // namespace
}  // namespace tare
