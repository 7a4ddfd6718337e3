// SPDX-License-Identifier: Apache-2.0
// What one source saw at one moment or in one window, and the rule by which what is not listed is read. The rule is here alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>

#include "core/measured.h"
#include "core/quantity.h"

namespace tare {

// The rule. A total is always listed, present or absent. A part is listed once it has happened, so a part that is not listed is a
// true 0 beside a present total, and beside an absent one it is absent for the total's reason. A listed part stands for itself,
// whatever its total: what was measured is not lost because something else was not. Without a listed total nothing is known of a
// part that is not listed.
class Snapshot {
public:
    using Readings = std::map<Quantity, Measured<std::uint64_t>>;

    Snapshot() = default;
    Snapshot(std::initializer_list<Readings::value_type> readings) : readings_(readings) {}

    // By the rule; absent with "METRIC is not counted" where it does not say.
    Measured<std::uint64_t> reading(const Quantity& quantity) const;
    Measured<std::uint64_t> total(const std::string& metric) const { return reading({metric, ""}); }
    Measured<std::uint64_t> part(const std::string& metric, const std::string& detail) const { return reading({metric, detail}); }
    // Whether the rule says: it is listed, or its total is.
    bool tells(const Quantity& quantity) const;

    // What is listed: a total before its parts.
    Readings::const_iterator begin() const { return readings_.begin(); }
    Readings::const_iterator end() const { return readings_.end(); }
    std::size_t size() const { return readings_.size(); }
    bool empty() const { return readings_.empty(); }
    bool lists(const Quantity& quantity) const { return readings_.contains(quantity); }
    // The listed parts of a metric, by detail.
    std::map<std::string, Measured<std::uint64_t>> parts(const std::string& metric) const;

    // Lists this reading, in place of one that is listed.
    void set(const Quantity& quantity, const Measured<std::uint64_t>& reading) { readings_.insert_or_assign(quantity, reading); }
    // Lists this reading, added to one that is listed.
    void add(const Quantity& quantity, const Measured<std::uint64_t>& reading);
    void erase(const Quantity& quantity) { readings_.erase(quantity); }
    // Lists what another snapshot of the same source lists; of a quantity that both list, this one's reading stays.
    void merge(Snapshot other) { readings_.merge(other.readings_); }

    // This snapshot, taken at the close, less one of the same counters at the open. A part that did not change is not listed,
    // totals are. Asserts that `open` tells every total.
    Snapshot minus(const Snapshot& open) const;
    // Every total absent: for its own reason, else this one. No parts.
    Snapshot without_readings(const std::string& reason) const;

    friend bool operator==(const Snapshot&, const Snapshot&) = default;

private:
    Readings readings_;
};

}  // namespace tare
