// SPDX-License-Identifier: Apache-2.0
// The forms in which a comparison is written, one file each. Every text from a suite, a CSV or an environment goes through
// plain() and then through the format's own escape.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "analysis/compare/comparison.h"

namespace tare::compare {

// For a terminal; with `colour`, better is green and worse is red.
std::string text_format(const Comparison& comparison, bool colour);
// A comment on a pull request: below `markdown_most_bytes`, whole sections or cells left out with a note.
std::string markdown_format(const Comparison& comparison);
std::string json_format(const Comparison& comparison);
std::string junit_format(const Comparison& comparison);
std::string benchmark_format(const Comparison& comparison);
std::string github_action_benchmark_format(const Comparison& comparison);
std::string bencher_format(const Comparison& comparison);
std::string annotations_format(const Comparison& comparison);

// GitHub refuses a comment of more than 65536 characters.
inline constexpr std::size_t markdown_most_bytes = 64 * 1024 - 1;

struct Format {
    std::string_view name;
    std::string_view description;
    std::string (*write)(const Comparison&);
};

inline constexpr std::array formats{
    Format{"text", "for a terminal", [](const Comparison& comparison) { return text_format(comparison, false); }},
    Format{"markdown", "a comment on a pull request, below 64 KiB", markdown_format},
    Format{"json", "every row with its verdict", json_format},
    Format{"junit", "JUnit XML, a test case for each gated quantity", junit_format},
    Format{"benchmark", "Google Benchmark JSON of both runs: compare.py filters FILE ^base/ ^head/", benchmark_format},
    Format{"github-action-benchmark", "customSmallerIsBetter of github-action-benchmark, the head",
           github_action_benchmark_format},
    Format{"bencher", "Bencher Metric Format, the head", bencher_format},
    Format{"annotations", "GitHub's ::error and ::warning lines", annotations_format},
};

}  // namespace tare::compare
