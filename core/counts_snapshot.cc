// SPDX-License-Identifier: Apache-2.0
#include "core/counts_snapshot.h"

#include <string>

namespace tare {
namespace {

template <class Parts, class Name>
void add(Snapshot& snapshot, const char* metric, const Parts& parts, const Name& name) {
    std::uint64_t total = 0;
    for (std::size_t index = 0; index < parts.size(); ++index) {
        total += parts[index];
        if (parts[index] > 0) snapshot.set({metric, std::string(name(index))}, parts[index]);
    }
    snapshot.set({metric, ""}, total);
}

}  // namespace

Snapshot snapshot_of(const Counts& counts) {
    const auto system_call = [](std::size_t index) { return system_call_names[index]; };
    const auto opcode = [](std::size_t index) { return opcode_names[index]; };
    const auto site = [](std::size_t index) { return allocation_sites[index].name; };
    const auto edge = [](std::size_t index) { return copy_edges[index].name; };
    Snapshot snapshot;
    add(snapshot, "syscalls", counts.system_calls, system_call);
    add(snapshot, "sqes", counts.sqes, opcode);
    add(snapshot, "cqes", counts.cqes, opcode);
    add(snapshot, "allocations", counts.allocations, site);
    add(snapshot, "allocated_bytes", counts.allocated_bytes, site);
    add(snapshot, "copies", counts.copies, edge);
    add(snapshot, "copied_bytes", counts.copied_bytes, edge);
    return snapshot;
}

}  // namespace tare
