// SPDX-License-Identifier: Apache-2.0
// Text from suites, CSV and environments, and names that other programs gave their threads, made harmless before any format sees
// it: valid UTF-8 without a character that a terminal obeys, an XML parser refuses or a reader's eye misses. What a format's own
// syntax needs is that format's business.
#pragma once

#include <string>
#include <string_view>

namespace tare {

// Invalid bytes become U+FFFD; controls, line breaks and direction marks a visible \x1b or \u202e.
std::string plain(std::string_view text);

// The same with its line ends as they are.
std::string plain_lines(std::string_view text);

}  // namespace tare
