// SPDX-License-Identifier: Apache-2.0
// Markdown that stays whole whatever text goes into it, and the one way in which an absent figure is written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analysis/count.h"
#include "analysis/figure.h"

namespace tare::markdown {

// Text from data, made harmless for a table cell or a paragraph.
std::string escaped(std::string_view text);
// The same as `code`.
std::string code(std::string_view text);

// Cells are Markdown already.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

// Reasons of absent figures, told once each below the section that has them.
class Notes {
public:
    explicit Notes(std::string section) : section_(std::move(section)) {}

    // The figure's text, or `absent` with a mark that leads to the reason.
    std::string shown(const Figure& figure);
    // The total; where a witness counted something else, with it: `3 (bpf 6)`.
    std::string shown(const Count& count);
    // The reasons so far; empty when nothing was absent.
    std::string text() const;

private:
    std::string section_;
    std::vector<std::string> reasons_;
};

}  // namespace tare::markdown
