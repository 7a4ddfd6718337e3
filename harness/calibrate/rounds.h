// SPDX-License-Identifier: Apache-2.0
// Rounds of request and reply on 64 connections, of which one half is timed: the near side's receives or its sends.
#pragma once

#include <array>
#include <string>

#include "core/clock.h"
#include "core/error.h"
#include "harness/calibrate/far_side.h"
#include "harness/calibrate/subject.h"

namespace tare::calibration {

// A NearSide is made from a FarSide and the near ends of one half; receive_each() takes one request from each connection and
// says whether every receive found a whole one, send_each() sends one reply on each. Both throw tare::Error.

inline constexpr std::array<std::size_t, 6> message_bytes{64, 256, 1024, 4096, 16384, 65536};
inline constexpr std::size_t small_message_bytes = 64;
inline constexpr int warm_up_rounds = 32;  // until the windows of the connections are open

template <class Half>
double thread_cpu_s(const Half& half) {
    const std::uint64_t start_ns = thread_cpu_ns();
    half();
    return static_cast<double>(thread_cpu_ns() - start_ns) / 1e9;
}

// Both sides, made and warm.
template <class NearSide>
class Rounds {
public:
    Rounds(int peer_cpu, std::size_t request_bytes, std::size_t reply_bytes)
        : far_(peer_cpu, request_bytes, reply_bytes),
          near_{NearSide(far_, far_.near_ends(0)), NearSide(far_, far_.near_ends(1))} {
        for (int round = 0; round < warm_up_rounds; ++round) {
            NearSide& near = next();
            near.receive_each();
            near.send_each();
        }
    }

    // The half that was asked; each must be answered.
    NearSide& next() { return near_[far_.next_half()]; }

private:
    FarSide far_;
    std::array<NearSide, FarSide::half_count> near_;
};

template <class NearSide>
void time_receive(benchmark::State& state, int peer_cpu, std::size_t size_bytes) {
    Rounds<NearSide> rounds(peer_cpu, size_bytes, small_message_bytes);
    for (auto _ : state) {
        NearSide& near = rounds.next();
        bool whole = false;
        state.SetIterationTime(thread_cpu_s([&] { whole = near.receive_each(); }));
        if (!whole) throw cannot_measure("a receive found less than a message of " + std::to_string(size_bytes) + " bytes");
        near.send_each();
    }
}

template <class NearSide>
void time_send(benchmark::State& state, int peer_cpu, std::size_t size_bytes) {
    Rounds<NearSide> rounds(peer_cpu, small_message_bytes, size_bytes);
    for (auto _ : state) {
        NearSide& near = rounds.next();
        near.receive_each();
        state.SetIterationTime(thread_cpu_s([&] { near.send_each(); }));
    }
}

// Adds the subject `name` for each size of a message.
template <class Half>
void add_for_each_size(Subjects& subjects, const char* name, int peer_cpu, const Half& half) {
    for (const std::size_t size_bytes : message_bytes)
        subjects.push_back({name, size_bytes, "bytes", Timed::parts, FarSide::connections_of_half,
                            [=](benchmark::State& state) { half(state, peer_cpu, size_bytes); }});
}

}  // namespace tare::calibration
