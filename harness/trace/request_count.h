// SPDX-License-Identifier: Apache-2.0
// How many requests a window held, as the user says: a number, or what a client wrote.
#pragma once

#include <cstdint>
#include <string>

namespace tare {

// `source` is a number, or a file written at `begin_s` (seconds since 1970) or later that holds one, or that holds what `tare
// load` prints as csv or json, of which it is `requests_sent`. Throws usage_error for a number that is 0, data_refused for a file
// that has none or is older.
std::uint64_t request_count(const std::string& source, std::int64_t begin_s);

}  // namespace tare
