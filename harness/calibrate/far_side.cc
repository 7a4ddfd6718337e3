// SPDX-License-Identifier: Apache-2.0
#include "harness/calibrate/far_side.h"

namespace tare::calibration {
namespace {

constexpr std::size_t buffer_bytes = 65536;

}  // namespace

FarSide::FarSide(int cpu, std::size_t request_bytes, std::size_t reply_bytes)
    : request_(request_bytes, 'q'), reply_(reply_bytes, 'r'), received_(buffer_bytes), peer_(cpu, [this] { ask(); }) {
    peer_.begin_turn();
}

std::size_t FarSide::next_half() {
    peer_.await_turns();
    peer_.begin_turn();
    return served_++ % half_count;
}

void FarSide::ask() {
    const std::size_t half = turn_ % half_count;
    for (const OwnedFd& far : pairs_.far_ends().subspan(half * connections_of_half, connections_of_half)) {
        if (turn_ >= half_count) receive_all(far.get(), received_, reply_.size());
        send_all(far.get(), request_);
    }
    pairs_.forget_far_readiness();
    ++turn_;
}

}  // namespace tare::calibration
