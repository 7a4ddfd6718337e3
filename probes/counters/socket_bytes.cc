// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/socket_bytes.h"

#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/socket_bytes.h"
#include "socket_bytes.skel.h"

namespace tare {
namespace {

class SocketBytes : public Probe {
public:
    explicit SocketBytes(const Target& target) : programs_(target) {
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "kernel_copied_bytes", programs_->bss->crossed,
                  [](std::size_t direction) { return direction == bytes_received ? "received" : "sent"; });
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<socket_bytes_bpf> programs_;
};

}  // namespace

std::unique_ptr<Probe> attach_socket_bytes(const Target& target) { return std::make_unique<SocketBytes>(target); }

}  // namespace tare
