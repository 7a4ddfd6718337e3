// SPDX-License-Identifier: Apache-2.0
// One io_uring_enter that submits a batch of NOPs and waits for them. Over the batch's size the intercept is what an enter
// costs, the slope what an entry with its completion does.
#include <array>

#include "harness/calibrate/subject.h"
#include "harness/calibrate/uring_ring.h"

namespace tare::calibration {
namespace {

constexpr std::array batches{1U, 2U, 4U, 8U, 16U, 32U, 64U};

void enter_nops(benchmark::State& state, unsigned count) {
    UringRing ring;
    for (auto _ : state) {
        for (unsigned index = 0; index < count; ++index) io_uring_prep_nop(io_uring_get_sqe(ring.raw()));
        ring.enter(count);
        io_uring_cq_advance(ring.raw(), count);
    }
}

}  // namespace

void add_uring_nops(Subjects& subjects) {
    for (const unsigned count : batches)
        subjects.push_back(
            {.name = "uring_enter_nops", .argument = count, .argument_unit = "entries", .body = [count](benchmark::State& state) {
                 enter_nops(state, count);
             }});
}

}  // namespace tare::calibration
