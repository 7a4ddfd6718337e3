// SPDX-License-Identifier: Apache-2.0
// Times that options take: 10s, 500ms, 2m, or a number of seconds.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace tare::cli {

// In seconds: a number with one of the units us, ms, s, m (min) and h, or in seconds without one; nothing for another text.
std::optional<double> seconds_of(std::string_view text);

// In the largest unit that it is a whole number of: "500ms", "24h".
std::string duration_text(double seconds);

// The option takes a time from `low_s` to `high_s` seconds, both in; its variable gets the seconds.
CLI::Option* takes_duration(CLI::Option* option, double low_s, double high_s);

}  // namespace tare::cli
