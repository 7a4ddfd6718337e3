// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/amortisation.h"

#include <algorithm>

namespace tare {
namespace {

Batch batch_of(const LoadMeasurements& load, const CellKey& cell) {
    const Sample calls = load.counted(cell, {"syscalls", ""});
    const std::optional<WaitingCall> waiting = waiting_call(load, cell);
    if (!waiting) {
        const Sample none(Absent{"no call that waits was counted"});
        return {cell, calls, none, none, none, none};
    }
    const Sample size = load.counted(cell, {waiting->awaited, ""}) / load.counted(cell, {"syscalls", waiting->call});
    const bool kernel = load.per_request(cell, Source::bpf, {"syscalls", ""}).present();
    const Source source = kernel ? Source::bpf : load.teller(cell, "syscalls").value_or(Source::ledger);
    const Sample waits = load.per_request(cell, source, {"syscalls", waiting->call});
    const Sample awaited = load.per_request(cell, source, {waiting->awaited, ""});
    Sample others = waits * 0;
    for (const std::string& call : load.parts(cell, source, "syscalls")) {
        if (call != waiting->call) others = others + load.per_request(cell, source, {"syscalls", call});
    }
    return {cell, calls, size, others, awaited, calls - (others + awaited / (awaited / waits))};
}

void finish(const LoadMeasurements& load, Amortisation& amortisation) {
    auto& batches = amortisation.batches;
    std::sort(batches.begin(), batches.end(),
              [](const Batch& left, const Batch& right) { return left.cell.connections < right.cell.connections; });
    for (const Batch& batch : batches) {
        const std::optional<WaitingCall> waiting = waiting_call(load, batch.cell);
        const std::optional<bool> calls = load.agreed(batch.cell, {"syscalls", ""});
        const std::optional<bool> awaited = waiting ? load.agreed(batch.cell, {waiting->awaited, ""}) : std::nullopt;
        if (!calls || !awaited) continue;
        ++amortisation.compared;
        amortisation.agreed += *calls && *awaited ? 1 : 0;
    }
}

// An external server has no counted build: BPF counts it in a window of its own.
bool is_counted(const LoadMeasurements& load, const CellKey& cell) {
    if (cell.build != Build::external) return cell.build == Build::counted;
    return load.counted(cell, {"syscalls", ""}).present();
}

}  // namespace

std::optional<WaitingCall> waiting_call(const LoadMeasurements& load, const CellKey& counted) {
    for (const WaitingCall& waiting : {WaitingCall{"io_uring_enter", "cqes"}, WaitingCall{"epoll_wait", "wait_events"},
                                       WaitingCall{"epoll_pwait", "wait_events"}}) {
        const Sample calls = load.counted(counted, {"syscalls", waiting.call});
        if (calls.present() && calls.estimate().value > 0) return waiting;
    }
    return std::nullopt;
}

std::vector<Amortisation> amortisations(const LoadMeasurements& load) {
    std::vector<Amortisation> found;
    for (const CellKey& cell : load.cells()) {
        if (!is_counted(load, cell)) continue;
        CellKey workload = cell;
        workload.connections = 0;
        auto place =
            std::find_if(found.begin(), found.end(), [&](const Amortisation& each) { return each.workload == workload; });
        if (place == found.end()) place = found.insert(found.end(), Amortisation{workload, {}});
        place->batches.push_back(batch_of(load, cell));
    }
    for (Amortisation& each : found) finish(load, each);
    return found;
}

}  // namespace tare
