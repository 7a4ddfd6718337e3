// SPDX-License-Identifier: Apache-2.0
#include "core/snapshot.h"

#include "core/check.h"

namespace tare {
namespace {

Quantity total_of(const Quantity& quantity) { return {quantity.metric, ""}; }

}  // namespace

Measured<std::uint64_t> Snapshot::reading(const Quantity& quantity) const {
    const auto listed = readings_.find(quantity);
    if (listed != readings_.end()) return listed->second;
    const auto total = readings_.find(total_of(quantity));
    if (total == readings_.end()) return Absent{quantity.metric + " is not counted"};
    return total->second.transform([](std::uint64_t) { return std::uint64_t{0}; });
}

bool Snapshot::tells(const Quantity& quantity) const { return lists(quantity) || lists(total_of(quantity)); }

std::map<std::string, Measured<std::uint64_t>> Snapshot::parts(const std::string& metric) const {
    std::map<std::string, Measured<std::uint64_t>> parts;
    for (auto part = readings_.upper_bound({metric, ""}); part != readings_.end() && part->first.metric == metric; ++part)
        parts.emplace(part->first.detail, part->second);
    return parts;
}

void Snapshot::add(const Quantity& quantity, const Measured<std::uint64_t>& reading) {
    const auto [listed, fresh] = readings_.emplace(quantity, reading);
    if (!fresh) listed->second = listed->second + reading;
}

Snapshot Snapshot::minus(const Snapshot& open) const {
    Snapshot window;
    const auto list_change = [&](const Quantity& quantity) {
        const Measured<std::uint64_t> change = reading(quantity) - open.reading(quantity);
        if (quantity.detail.empty() || change != Measured<std::uint64_t>(0)) window.set(quantity, change);
    };
    for (const auto& [quantity, reading] : readings_) {
        check(!quantity.detail.empty() || open.lists(quantity), "a total appeared in mid-window");
        list_change(quantity);
    }
    for (const auto& [quantity, reading] : open) {
        if (!lists(quantity)) list_change(quantity);
    }
    return window;
}

Snapshot Snapshot::without_readings(const std::string& reason) const {
    Snapshot absent;
    for (const auto& [quantity, reading] : readings_) {
        if (quantity.detail.empty()) absent.set(quantity, Absent{reading.present() ? reason : reading.reason()});
    }
    return absent;
}

}  // namespace tare
