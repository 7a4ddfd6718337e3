// SPDX-License-Identifier: Apache-2.0
#include "analysis/amortisation.h"

#include <algorithm>

namespace tare {
namespace {

Batch batch_of(const LoadMeasurements& load, const CellKey& cell) {
    const std::optional<WaitingCall> waiting = waiting_call(load, cell);
    const Sample size = waiting ? load.counted(cell, {waiting->awaited, ""}) / load.counted(cell, {"syscalls", waiting->call})
                                : Sample(Absent{"no call that waits was counted"});
    return {cell, load.counted(cell, {"syscalls", ""}), size};
}

void finish(const LoadMeasurements& load, Amortisation& amortisation) {
    auto& batches = amortisation.batches;
    std::sort(batches.begin(), batches.end(),
              [](const Batch& left, const Batch& right) { return left.cell.connections < right.cell.connections; });
    Points points;
    for (const Batch& batch : batches) {
        if (batch.present()) points.emplace_back(1 / batch.size.estimate().value, batch.calls.estimate().value);
        const std::optional<WaitingCall> waiting = waiting_call(load, batch.cell);
        const std::optional<bool> calls = load.agreed(batch.cell, {"syscalls", ""});
        const std::optional<bool> awaited = waiting ? load.agreed(batch.cell, {waiting->awaited, ""}) : std::nullopt;
        if (!calls || !awaited) continue;
        ++amortisation.compared;
        amortisation.agreed += *calls && *awaited ? 1 : 0;
    }
    amortisation.line = fit_line(points);
}

}  // namespace

std::optional<WaitingCall> waiting_call(const LoadMeasurements& load, const CellKey& counted) {
    for (const WaitingCall& waiting : {WaitingCall{"io_uring_enter", "cqes"}, WaitingCall{"epoll_wait", "wait_events"}}) {
        const Sample calls = load.counted(counted, {"syscalls", waiting.call});
        if (calls.present() && calls.estimate().value > 0) return waiting;
    }
    return std::nullopt;
}

std::vector<Amortisation> amortisations(const LoadMeasurements& load) {
    std::vector<Amortisation> found;
    for (const CellKey& cell : load.cells()) {
        if (cell.build != "counted") continue;
        CellKey workload = cell;
        workload.connections = 0;
        auto place =
            std::find_if(found.begin(), found.end(), [&](const Amortisation& each) { return each.workload == workload; });
        if (place == found.end()) place = found.insert(found.end(), Amortisation{workload, {}, std::nullopt});
        place->batches.push_back(batch_of(load, cell));
    }
    for (Amortisation& each : found) finish(load, each);
    return found;
}

}  // namespace tare
