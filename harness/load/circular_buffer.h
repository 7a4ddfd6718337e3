// SPDX-License-Identifier: Apache-2.0
// A queue of bounded length in one piece of memory: nothing is allocated after it was made.
#pragma once

#include <bit>
#include <cstddef>
#include <vector>

#include "core/check.h"

namespace tare {

template <class Item>
class Ring {
public:
    explicit Ring(std::size_t capacity) : items_(std::bit_ceil(capacity)), mask_(items_.size() - 1) {}

    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }
    Item& front() { return items_[begin_ & mask_]; }
    const Item& back() const { return items_[(end_ - 1) & mask_]; }
    // From 0, the front.
    const Item& operator[](std::size_t index) const { return items_[(begin_ + index) & mask_]; }
    void push(const Item& item) {
        check(size() < items_.size(), "a ring overflows");
        items_[end_++ & mask_] = item;
    }
    void pop() { ++begin_; }

private:
    std::vector<Item> items_;
    std::size_t mask_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

}  // namespace tare
