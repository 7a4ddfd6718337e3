// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/instruments.h"

#include <fmt/format.h>

#include <algorithm>

#include "probes/catalogue.h"

namespace tare {
namespace {

const Quantity lost_total{"lost_events", ""};

// Adds one probe's losses to its source's. A probe that is not attached loses nothing: its own readings are absent.
void add_losses(Snapshot& snapshot, std::string_view probe, const Reading& lost) {
    snapshot.emplace(Quantity{"lost_events", std::string(probe)}, lost);
    const auto [total, first] = snapshot.emplace(lost_total, lost);
    if (!first && lost.present()) total->second = total->second.present() ? total->second + lost : lost;
}

}  // namespace

Snapshot absent_totals(const Snapshot& snapshot, const std::string& reason) {
    Snapshot absent;
    for (const auto& [quantity, reading] : snapshot) {
        if (quantity.detail.empty()) absent.emplace(quantity, Absent{reading.present() ? reason : reading.reason()});
    }
    return absent;
}

Instruments::Instruments(const Target& target, const LedgerFile* ledger, std::span<const ProbeKind> kinds) : ledger_(ledger) {
    for (const ProbeInfo& info : probe_catalogue()) {
        if (std::find(kinds.begin(), kinds.end(), info.kind) != kinds.end())
            probes_.push_back({&info, attach_or_absent(info, target)});
    }
}

Sources Instruments::read() {
    Sources sources;
    for (const Attached& attached : probes_) {
        Snapshot& snapshot = sources[std::string(attached.info->source)];
        snapshot.merge(attached.probe->read());
        if (attached.info->source == "bpf") add_losses(snapshot, attached.info->name, attached.probe->lost_events());
    }
    if (ledger_ != nullptr) sources["ledger"] = snapshot_of(ledger_->page());
    return sources;
}

Sources window_between(const Sources& open, const Sources& close) {
    Sources window;
    for (const auto& [source, snapshot] : close) {
        Snapshot change = window_between(open.at(source), snapshot);
        const auto lost = change.find(lost_total);
        if (lost != change.end() && lost->second.present() && lost->second.value() > 0) {
            const Reading count = lost->second;
            change = absent_totals(change, fmt::format("{} events were lost", count.value()));
            change.insert_or_assign(lost_total, count);
        }
        window.emplace(source, std::move(change));
    }
    return window;
}

}  // namespace tare
