// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/hardware.h"

#include "core/error.h"
#include "probes/attach/perf_event.h"

namespace tare {
namespace {

class Hardware : public Probe {
public:
    explicit Hardware(pid_t pid)
        : instructions_(HardwareEvent::instructions, pid, false), cycles_(HardwareEvent::cycles, pid, false) {}

    Snapshot read() override { return {{{"instructions", ""}, instructions_.read()}, {{"cycles", ""}, cycles_.read()}}; }

private:
    PerfEvent instructions_;
    PerfEvent cycles_;
};

}  // namespace

std::unique_ptr<Probe> attach_hardware(const Target& target) {
    if (target.tree != nullptr) throw cannot_measure("counts of one process, not of a tree");
    return std::make_unique<Hardware>(target.pid);
}

}  // namespace tare
