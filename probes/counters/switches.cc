// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/switches.h"

#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/switches.h"
#include "switches.skel.h"

namespace tare {
namespace {

class Switches : public Probe {
public:
    explicit Switches(const Target& target) : programs_(target) {
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "context_switches", programs_->bss->left,
                  [](std::size_t kind) { return kind == switch_voluntary ? "voluntary" : "preempted"; });
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<switches_bpf> programs_;
};

}  // namespace

std::unique_ptr<Probe> attach_switches(const Target& target) { return std::make_unique<Switches>(target); }

}  // namespace tare
