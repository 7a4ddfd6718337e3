// SPDX-License-Identifier: Apache-2.0
// Ranges of addresses with what stands there; one may lie in another.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tare {

template <class Value>
class RangeIndex {
public:
    // Of ranges alike, the one that is added last is found. Nothing is at addresses 0 and 1: linkers leave them to what they
    // dropped.
    void add(std::uint64_t begin, std::uint64_t end, Value value) {
        if (begin > 1 && begin < end) ranges_.push_back({begin, end, end, std::move(value)});
    }

    // Once, after the last add() and before the first look.
    void sort() {
        std::stable_sort(ranges_.begin(), ranges_.end(), [](const Range& left, const Range& right) {
            return left.begin != right.begin ? left.begin < right.begin : left.end > right.end;
        });
        std::uint64_t reach = 0;
        for (Range& range : ranges_) range.reach = reach = std::max(reach, range.end);
    }

    // The innermost range around an address; nullptr where none is.
    Value* at(std::uint64_t address) {
        auto after = std::upper_bound(ranges_.begin(), ranges_.end(), address,
                                      [](std::uint64_t wanted, const Range& range) { return wanted < range.begin; });
        for (; after != ranges_.begin() && std::prev(after)->reach > address; --after) {
            if (std::prev(after)->end > address) return &std::prev(after)->value;
        }
        return nullptr;
    }

private:
    struct Range {
        std::uint64_t begin;
        std::uint64_t end;
        std::uint64_t reach;  // the furthest end of this and all before it
        Value value;
    };
    std::vector<Range> ranges_;
};

}  // namespace tare
