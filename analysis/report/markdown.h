// SPDX-License-Identifier: Apache-2.0
// Markdown that stays whole whatever text goes into it, and the one way in which an absent figure is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/model/count.h"
#include "analysis/model/merged_histograms.h"
#include "analysis/model/per_request.h"
#include "analysis/model/prices.h"
#include "analysis/model/sample.h"
#include "core/check.h"

namespace tare::markdown {

// Text from data, made harmless for a table cell or a paragraph.
std::string escaped(std::string_view text);
// The same as `code`.
std::string code(std::string_view text);

// Four digits or, of large numbers, all before the point.
std::string number(double value);
// "12.5 [12.1, 12.9]" with an interval, "12.5 (11 to 14)" with the range of too few repetitions; the number
// alone where these are one.
std::string estimate(const Estimate& estimate);

// Cells are Markdown already.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

// Reasons of absent figures, told once each below the section that has them.
class Notes {
public:
    // `section` begins the name of each note, in which Markdown takes no blank; asserts that there is none.
    explicit Notes(std::string section) : section_(std::move(section)) {
        check(section_.find(' ') == std::string::npos, "a note's name has a blank");
    }

    // The figure's text, or `absent` with a mark that leads to the reason; of one of which bounds are known, these with the mark.
    std::string shown(const Figure& figure);
    std::string shown(const Sample& sample);
    // Of a percentile of merged histograms, times a factor.
    std::string shown(const Merged& merged, double factor);
    // Of a sample of ratios.
    std::string shown_ratio(const Sample& sample);
    // With its bounds.
    std::string shown(const Price& price);
    // The total; where an independent counter counted something else, with it: `3 (bpf 6)`.
    std::string shown(const Count& count);
    // The reasons so far; empty when nothing was absent.
    std::string text() const;

private:
    std::string absent(const std::string& reason);
    std::string left_out(const Sample& sample);
    std::string mark(const std::string& reason);

    std::string section_;
    std::vector<std::string> reasons_;
};

}  // namespace tare::markdown
