// SPDX-License-Identifier: Apache-2.0
// A measured value, or the reason why there is none. There is no third state, and no path from a reason to 0.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/check.h"

namespace tare {

struct Absent {
    std::string reason;
    friend bool operator==(const Absent&, const Absent&) = default;
};

template <class Value>
class Measured;

template <class Type>
inline constexpr bool is_measured = false;
template <class Value>
inline constexpr bool is_measured<Measured<Value>> = true;

template <class Value>
class Measured {
public:
    Measured(Value value) : state_(std::move(value)) {}     // NOLINT(google-explicit-constructor): a value is measured
    Measured(Absent absent) : state_(std::move(absent)) {}  // NOLINT(google-explicit-constructor)

    bool present() const { return std::holds_alternative<Value>(state_); }
    // Only of a present one; asserts otherwise. Of a temporary it is a copy, which no reference can outlive.
    const Value& value() const& {
        check(present(), "value() of an absent reading");
        return *std::get_if<Value>(&state_);
    }
    Value value() && {
        check(present(), "value() of an absent reading");
        return std::move(*std::get_if<Value>(&state_));
    }
    // Only of an absent one; asserts otherwise.
    const std::string& reason() const& {
        check(!present(), "reason() of a present reading");
        return std::get_if<Absent>(&state_)->reason;
    }
    std::string reason() && {
        check(!present(), "reason() of a present reading");
        return std::move(std::get_if<Absent>(&state_)->reason);
    }

    // What `change` makes of the value: another value, or one that may be absent itself. Absence passes on.
    template <class Change>
    auto transform(const Change& change) const {
        using Result = std::invoke_result_t<const Change&, const Value&>;
        if constexpr (is_measured<Result>)
            return present() ? Result(change(value())) : Result(Absent{reason()});
        else
            return present() ? Measured<Result>(change(value())) : Measured<Result>(Absent{reason()});
    }

    friend bool operator==(const Measured&, const Measured&) = default;

private:
    std::variant<Value, Absent> state_;
};

// Close minus open. Absence passes on; a counter that shrank was replaced and is absent, too.
inline Measured<std::uint64_t> operator-(const Measured<std::uint64_t>& close, const Measured<std::uint64_t>& open) {
    if (!close.present()) return close;
    if (!open.present()) return open;
    if (close.value() < open.value()) return Absent{"the counter went backwards"};
    return close.value() - open.value();
}

// Both must be there: a sum of what is known would pass for the whole.
inline Measured<std::uint64_t> operator+(const Measured<std::uint64_t>& left, const Measured<std::uint64_t>& right) {
    if (!left.present()) return left;
    if (!right.present()) return right;
    return left.value() + right.value();
}

}  // namespace tare
