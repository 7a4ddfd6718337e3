// SPDX-License-Identifier: Apache-2.0
#include "harness/process/cpu_affinity.h"

#include <sched.h>

#include <algorithm>
#include <optional>
#include <string>

#include "core/error.h"

namespace tare {
namespace {

// Those that this process might use before it was pinned.
std::optional<cpu_set_t> all_cores;

}  // namespace

std::vector<int> allowed_cores() {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof(allowed), &allowed) != 0) throw system_failed("sched_getaffinity");
    std::vector<int> cores;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (CPU_ISSET(static_cast<unsigned>(cpu), &allowed)) cores.push_back(cpu);
    }
    return cores;
}

Pinning choose_cores() {
    const std::vector<int> cores = allowed_cores();
    return {cores.back(), cores.front()};
}

Pinning choose_cores_with(int server_cpu) {
    const std::vector<int> cores = allowed_cores();
    if (std::find(cores.begin(), cores.end(), server_cpu) == cores.end())
        throw usage_error("core " + std::to_string(server_cpu) + " may not be used; allowed are " +
                          std::to_string(cores.front()) + " to " + std::to_string(cores.back()));
    return {server_cpu, cores.front() != server_cpu ? cores.front() : cores.back()};
}

void pin_this_thread(int cpu) {
    cpu_set_t cores;
    if (!all_cores && ::sched_getaffinity(0, sizeof(cores), &cores) == 0) all_cores = cores;
    CPU_ZERO(&cores);
    CPU_SET(static_cast<unsigned>(cpu), &cores);
    if (::sched_setaffinity(0, sizeof(cores), &cores) != 0) throw system_failed("run on core " + std::to_string(cpu));
}

bool use_all_cores() { return !all_cores || ::sched_setaffinity(0, sizeof(*all_cores), &*all_cores) == 0; }

}  // namespace tare
