// SPDX-License-Identifier: Apache-2.0
#include "probes/probe_cost.h"

#include <unistd.h>

#include "core/check.h"
#include "core/clock.h"

namespace tare {
namespace {

double time_one_ns(const ProbeInfo& info, std::uint64_t events) {
    const std::uint64_t start_ns = monotonic_ns();
    info.exercise(events);
    return static_cast<double>(monotonic_ns() - start_ns) / static_cast<double>(events);
}

}  // namespace

ProbeCost measure_cost(const ProbeInfo& info, unsigned repetitions, std::uint64_t events) {
    check(info.exercise != nullptr, "measure_cost() of a probe without an event");
    ProbeCost cost;
    info.exercise(events);
    for (unsigned repetition = 0; repetition < repetitions; ++repetition) {
        // Which comes first changes each time: the first of a pair finds caches and clock as the pair before left them.
        const bool without_first = repetition % 2 == 0;
        if (without_first) cost.without_ns.push_back(time_one_ns(info, events));
        {
            const std::unique_ptr<Probe> probe = info.attach(::getpid());
            cost.with_ns.push_back(time_one_ns(info, events));
        }
        if (!without_first) cost.without_ns.push_back(time_one_ns(info, events));
    }
    return cost;
}

}  // namespace tare
