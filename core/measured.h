// SPDX-License-Identifier: Apache-2.0
// A reading is a count, or the reason why there is none. There is no third state, and no path from a reason to 0.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "core/check.h"

namespace tare {

struct Absent {
    std::string reason;
    friend bool operator==(const Absent&, const Absent&) = default;
};

class Reading {
public:
    Reading(std::uint64_t value) : state_(value) {}        // NOLINT(google-explicit-constructor): a count is a reading
    Reading(Absent absent) : state_(std::move(absent)) {}  // NOLINT(google-explicit-constructor)

    bool present() const { return std::holds_alternative<std::uint64_t>(state_); }
    // Only of a present reading; asserts otherwise.
    std::uint64_t value() const {
        check(present(), "value() of an absent reading");
        return std::get<std::uint64_t>(state_);
    }
    // Only of an absent reading; asserts otherwise.
    const std::string& reason() const {
        check(!present(), "reason() of a present reading");
        return std::get<Absent>(state_).reason;
    }

    // Close minus open. Absence passes on; a counter that shrank was replaced and is absent, too.
    friend Reading operator-(const Reading& close, const Reading& open) {
        if (!close.present()) return close;
        if (!open.present()) return open;
        if (close.value() < open.value()) return Absent{"the counter went backwards"};
        return close.value() - open.value();
    }
    // Both must be there: a sum of what is known would pass for the whole.
    friend Reading operator+(const Reading& left, const Reading& right) {
        if (!left.present()) return left;
        if (!right.present()) return right;
        return left.value() + right.value();
    }
    friend bool operator==(const Reading&, const Reading&) = default;

private:
    std::variant<std::uint64_t, Absent> state_;
};

// Names a quantity of one source: the metric, and the part (empty for the total).
struct Quantity {
    std::string metric;
    std::string detail;
    friend auto operator<=>(const Quantity&, const Quantity&) = default;
};

// What one source saw at one moment. A total is always listed, present or absent; a part is listed once it has
// happened, so a part missing beside a present total is a true zero.
using Snapshot = std::map<Quantity, Reading>;

// Close minus open for every quantity. A part that first happened inside the window starts from zero; parts that did
// not change are dropped, totals never are.
inline Snapshot window_between(const Snapshot& open, const Snapshot& close) {
    Snapshot window;
    for (const auto& [quantity, reading] : close) {
        const auto before = open.find(quantity);
        if (before == open.end()) {
            check(!quantity.detail.empty(), "a total appeared in mid-window");
            window.emplace(quantity, reading);
            continue;
        }
        Reading change = reading - before->second;
        if (!quantity.detail.empty() && change.present() && change.value() == 0) continue;
        window.emplace(quantity, std::move(change));
    }
    return window;
}

}  // namespace tare
