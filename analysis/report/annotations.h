// SPDX-License-Identifier: Apache-2.0
// GitHub's workflow commands, which it shows beside the lines that they name.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tare::annotations {

// Where a command points; a file without a line is a file as a whole, and no file is the job.
struct Place {
    std::string file;
    std::uint64_t line = 0;
};

// One command, "::error title=T::MESSAGE", with LF. Texts are made harmless here.
std::string line(const char* level, const std::string& title, const std::string& message, const Place& place = {});

// Commands of one level. GitHub shows ten of each a step, so the last place says how many more there are.
std::string limited(const std::vector<std::string>& lines, const char* level);

}  // namespace tare::annotations
