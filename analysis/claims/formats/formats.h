// SPDX-License-Identifier: Apache-2.0
// The forms in which checked claims are written, one file each. Every text from a claims file or a run goes through plain() and
// then through the format's own escape.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "analysis/claims/check.h"

namespace tare::claims {

// For a terminal; with `colour`, confirmed is green and disproved is red.
std::string text_format(const Check& check, bool colour);
// A comment on a pull request; confirmed claims stand folded below the others.
std::string markdown_format(const Check& check);
std::string json_format(const Check& check);
std::string junit_format(const Check& check);
std::string annotations_format(const Check& check);

struct Format {
    std::string_view name;
    std::string_view description;
    std::string (*write)(const Check&);
};

inline constexpr std::array formats{
    Format{"text", "for a terminal", [](const Check& check) { return text_format(check, false); }},
    Format{"markdown", "a comment on a pull request", markdown_format},
    Format{"json", "every claim with its verdict", json_format},
    Format{"junit", "JUnit XML, a test case for each claim and operation", junit_format},
    Format{"annotations", "GitHub's ::error and ::warning lines, at the claim's line", annotations_format},
};

}  // namespace tare::claims
