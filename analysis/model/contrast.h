// SPDX-License-Identifier: Apache-2.0
// What the slices of one contrast show: how many times a request of the first subject each other one's takes, with an interval of
// 95 %. The harness stops a contrast by the width of these intervals, and reports print them; how often they hold the truth,
// tests/bench/interval_coverage.cc shows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/model/shift.h"
#include "core/measured.h"
#include "run/contrast_row.h"

namespace tare {

// What a slice tells. The first decides when a contrast ends.
enum class ContrastMetric : std::uint8_t { server_cpu, client_cpu, requests_per_s, latency_p50 };
inline constexpr std::array<std::string_view, 4> contrast_metric_names{"server_cpu_ns", "client_cpu_ns", "requests_per_s",
                                                                       "latency_p50_ns"};
constexpr std::string_view name_of(ContrastMetric metric) { return contrast_metric_names[static_cast<std::size_t>(metric)]; }

// One slice: CPU time in ns a request, requests a second, a latency in ns. Absent where a reading is, and of a 0, which has no
// ratio.
Measured<double> figure_of(const ContrastRow& slice, ContrastMetric metric);

struct ContrastSubject {
    std::string name;
    ContrastRole role = ContrastRole::other;
    friend auto operator<=>(const ContrastSubject&, const ContrastSubject&) = default;
};

struct ContrastRatio {
    double value = 1;
    Interval interval;
    std::size_t generations = 0;  // processes of either subject that it was made of
    std::size_t blocks = 0;       // and the blocks on them

    // Half the interval, as a share of the ratio.
    double half_width() const { return interval.half_width() / value; }
};

// The logarithms of the ratios of a block's figures, by generation.
using ContrastEffects = std::map<std::uint64_t, std::vector<double>>;

// Two processes of one program differ, in where their memory lies for instance, and the blocks on them with them: blocks of one
// generation are not independent, generations are. So the mean of a generation's blocks is one value, and the interval is that
// of signed ranks over generations. Of more than 64 generations, neighbours are put together. Absent with fewer than six.
Measured<ContrastRatio> ratio_of(const ContrastEffects& effects);

class ContrastRatios {
public:
    ContrastRatios() = default;
    // The rows of one contrast, as they stand in the file. Asserts that they are of one.
    explicit ContrastRatios(std::span<const ContrastRow> rows);
    // One more.
    void include(const ContrastRow& row);

    // The first subject, then the others in their order, then the control.
    const std::vector<ContrastSubject>& subjects() const { return subjects_; }
    // Of two subjects, paired block by block.
    ContrastEffects effects(const ContrastSubject& subject, const ContrastSubject& against, ContrastMetric metric) const;
    // That, as a ratio. Absent with the reason.
    Measured<ContrastRatio> ratio(const ContrastSubject& subject, const ContrastSubject& against, ContrastMetric metric) const;
    // Of a subject but the first, to the first.
    Measured<ContrastRatio> ratio(const ContrastSubject& subject, ContrastMetric metric) const;
    // The median over the subject's slices, in the metric's unit.
    Measured<double> median(const ContrastSubject& subject, ContrastMetric metric) const;
    // Why the subject has slices that were not measured; empty when it has none.
    std::string left_out(const ContrastSubject& subject, ContrastMetric metric) const;

    // Of server CPU, the widest half width of all ratios that can be told; nothing while one of them cannot yet, or when there is
    // none. A subject that a row says is absent is not waited for.
    std::optional<double> widest() const;
    // Those in which something was measured.
    std::size_t blocks() const;
    std::size_t generations() const;
    // Each validity flag, and in how many slices it stands.
    std::map<std::string, std::size_t> marks() const;
    std::size_t slices() const { return slice_count_; }

private:
    struct Seen {
        std::uint64_t generation = 0;
        std::vector<ContrastRow> slices;
    };
    using Blocks = std::map<std::uint64_t, Seen>;

    const Blocks& blocks_of(const ContrastSubject& subject) const { return seen_.at(subject); }

    std::string contrast_;
    std::vector<ContrastSubject> subjects_;
    std::map<ContrastSubject, Blocks> seen_;
    std::size_t slice_count_ = 0;
};

// The rows of each contrast of a run, in the order of the file.
std::vector<std::pair<std::string, std::vector<ContrastRow>>> by_contrast(const std::vector<ContrastRow>& rows);

}  // namespace tare
