// SPDX-License-Identifier: Apache-2.0
// Progress of long work on stderr: one line that renews itself on a terminal, with an estimate of the time left; one
// line a stage elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tare {

class Progress {
public:
    explicit Progress(std::size_t step_count);
    // Ends the line that renews itself.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Step `index`, from 0, begins; it belongs to `stage`, which several steps in a row share.
    void step(std::size_t index, std::string_view stage, std::string_view what);

private:
    std::size_t step_count_;
    std::uint64_t start_ns_;
    bool terminal_;
    std::string stage_;
};

}  // namespace tare
