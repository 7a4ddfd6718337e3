// SPDX-License-Identifier: Apache-2.0
// COMPLETE: the sums of a run's files in the form that `sha256sum -c` reads. It is written last, so a folder without
// it is partial.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tare {

inline constexpr const char* complete_name = "COMPLETE";

// SHA-256 of `text`, in lower-case hexadecimal.
std::string sha256_hex(std::string_view text);

// Writes COMPLETE over these files of `folder`, whose names may lead into folders of it. Throws run_failed when one cannot be
// read or COMPLETE not written.
void write_complete(const std::filesystem::path& folder, const std::vector<std::string>& names);

// The names that COMPLETE lists. Throws data_refused when it is missing or malformed, when it does not list all of
// `names`, or when one of `names` differs from its sum.
std::vector<std::string> verify_complete(const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace tare
