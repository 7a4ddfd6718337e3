// SPDX-License-Identifier: Apache-2.0
// A subject of calibration: an event that a server's thread pays for, done over and over by a body for Google Benchmark. Each
// add_… stands in a file of its own and appends its subjects, one for each argument.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/process/cpu_affinity.h"

namespace tare::calibration {

// Whose clock a subject goes by.
enum class Timed {
    whole,  // the thread's CPU time of the whole loop
    parts,  // what the body gives to SetIterationTime(), in seconds of the thread's CPU time
};

struct Subject {
    std::string name;
    std::uint64_t argument = 1;
    std::string argument_unit;
    Timed timed = Timed::whole;
    std::uint64_t events_per_iteration = 1;
    // Throws tare::Error when it cannot be measured here: the row is then absent for that reason.
    std::function<void(benchmark::State&)> body;
};

using Subjects = std::vector<Subject>;

void add_system_call(Subjects& subjects);
void add_uring_nops(Subjects& subjects);
void add_memory(Subjects& subjects);
void add_loopback(Subjects& subjects, int peer_cpu);
void add_uring_loopback(Subjects& subjects, int peer_cpu);
void add_epoll(Subjects& subjects);
void add_wake_up(Subjects& subjects, const Pinning& pinning);

}  // namespace tare::calibration
