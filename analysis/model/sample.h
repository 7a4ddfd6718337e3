// SPDX-License-Identifier: Apache-2.0
// One quantity in every repetition of a cell, or the reason why there is none. Repetition r of two cells are neighbours in
// time, so samples are put together repetition by repetition.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/model/statistics.h"
#include "core/measured.h"

namespace tare {

class Sample {
public:
    using Repetitions = std::map<std::uint64_t, double>;

    explicit Sample(Absent absent) : repetitions_(std::move(absent)) {}
    // Absent with `otherwise` when there is no repetition.
    Sample(Repetitions by_repetition, std::string otherwise, std::string left_out = "")
        : repetitions_(by_repetition.empty() ? Measured<Repetitions>(Absent{std::move(otherwise)}) : std::move(by_repetition)),
          left_out_(std::move(left_out)) {}

    bool present() const { return repetitions_.present(); }
    // Only of an absent sample; asserts otherwise.
    const std::string& reason() const { return repetitions_.reason(); }
    // Why a present sample lacks some repetition; empty when it lacks none.
    const std::string& left_out() const { return left_out_; }
    // Only of a present sample; assert otherwise.
    Estimate estimate() const;
    Estimate ratio_estimate() const;
    // The estimate, absent where the sample is.
    Measured<Estimate> median() const;

    // None of an absent sample.
    const Repetitions& by_repetition() const;
    std::vector<double> values() const;

    // Of the repetitions that both have; absence passes on.
    friend Sample operator/(const Sample& left, const Sample& right);
    friend Sample operator+(const Sample& left, const Sample& right);
    friend Sample operator-(const Sample& left, const Sample& right);
    // Each times a factor.
    friend Sample operator*(const Sample& left, double factor);

private:
    Measured<Repetitions> repetitions_;
    std::string left_out_;
};

}  // namespace tare
