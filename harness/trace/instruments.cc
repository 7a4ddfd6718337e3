// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/instruments.h"

#include <fmt/format.h>

#include <algorithm>

#include "probes/catalogue.h"

namespace tare {
namespace {

const Quantity lost_total{"lost_events", ""};

// Adds one probe's losses to its source's. A probe that is not attached loses nothing: its own readings are absent.
void add_losses(Snapshot& snapshot, std::string_view probe, const Measured<std::uint64_t>& lost) {
    snapshot.set({"lost_events", std::string(probe)}, lost);
    const Measured<std::uint64_t> known = snapshot.reading(lost_total);
    if (!snapshot.lists(lost_total) || (lost.present() && !known.present()))
        snapshot.set(lost_total, lost);
    else if (lost.present())
        snapshot.set(lost_total, known + lost);
}

}  // namespace

Instruments::Instruments(const Target& target, const LedgerFile* ledger, std::span<const ProbeKind> kinds,
                         std::span<const UserCounter> counters, Skips skips)
    : ledger_(ledger) {
    const auto takes = [&](ProbeKind kind) { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); };
    for (const ProbeInfo& info : probe_catalogue()) {
        if (takes(info.kind) && (skips == Skips::nothing || info.source != Source::bpf))
            probes_.push_back({info.source, std::string(info.name), attach_or_absent(info, target)});
    }
    if (!takes(ProbeKind::slow_counter)) return;
    for (const UserCounter& counter : counters) probes_.push_back({Source::bpf, counter.name, attach_or_absent(counter, target)});
}

Sources Instruments::read() {
    Sources sources;
    for (const Attached& attached : probes_) {
        Snapshot& snapshot = sources[attached.source];
        snapshot.merge(attached.probe->read());
        if (attached.source == Source::bpf) add_losses(snapshot, attached.name, attached.probe->lost_events());
    }
    if (ledger_ != nullptr) sources[Source::ledger] = snapshot_of(ledger_->page());
    return sources;
}

Sources window_between(const Sources& open, const Sources& close) {
    Sources window;
    for (const auto& [source, snapshot] : close) {
        Snapshot change = snapshot.minus(open.at(source));
        const Measured<std::uint64_t> lost = change.reading(lost_total);
        if (lost.present() && lost.value() > 0) {
            change = change.without_readings(fmt::format("{} events were lost", lost.value()));
            change.set(lost_total, lost);
        }
        window.emplace(source, std::move(change));
    }
    return window;
}

}  // namespace tare
