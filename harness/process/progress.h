// SPDX-License-Identifier: Apache-2.0
// Progress of long work on stderr, with an estimate of the time left: one line that renews itself on a terminal, one line a
// stage elsewhere; with --verbose a line a step on either, with --quiet nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tare {

class Progress {
public:
    // `expected_s` is what all steps together are thought to take; the clock corrects it.
    Progress(std::size_t step_count, double expected_s);
    // Steps that take about the same time.
    explicit Progress(std::size_t step_count) : Progress(step_count, static_cast<double>(step_count)) {}
    // Ends the line that renews itself.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // The next step begins; it belongs to `stage`, which several steps in a row share, and is thought to take `expected_s`.
    void step(std::string_view stage, std::string_view what, double expected_s = 1);

    // How far the step under way has come. Off a terminal a line each ten seconds, and the `last` one.
    void update(std::string_view what, bool last = false);

private:
    void renew(std::string_view what) const;
    void tell(std::string_view what);
    std::string time_left() const;

    std::size_t step_count_;
    std::size_t begun_ = 0;
    double expected_s_;
    double done_s_ = 0;  // of expected_s_: the steps before this one
    double this_s_ = 0;
    std::uint64_t start_ns_;
    std::uint64_t told_ns_ = 0;  // when a line was written last
    bool terminal_;              // and a line renews itself there
    std::string stage_;
};

}  // namespace tare
