// SPDX-License-Identifier: Apache-2.0
// A count per request, or the reason why there is none.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "core/measured.h"

namespace tare {

class Figure {
public:
    // Equal fractions give equal figures: a division is rounded the same way for both.
    Figure(const Reading& reading, std::uint64_t requests);
    explicit Figure(double value) : state_(value) {}
    explicit Figure(Absent absent) : state_(std::move(absent)) {}

    bool present() const { return std::holds_alternative<double>(state_); }
    // Only of a present figure; asserts otherwise.
    double value() const;
    // Only of an absent figure; asserts otherwise.
    const std::string& reason() const;
    // "2", or "2.417" where it is no whole number; only of a present figure.
    std::string text() const;

    // Absence passes on.
    friend Figure operator+(const Figure& left, const Figure& right);
    friend Figure operator-(const Figure& left, const Figure& right);

private:
    std::variant<double, Absent> state_;
};

}  // namespace tare
