// SPDX-License-Identifier: Apache-2.0
// A run's observations in lockstep by cell, source and quantity, as figures per request. Those under load are in
// load_measurements.h; those of commands, which answer no requests, in neither.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/model/per_request.h"
#include "core/snapshot.h"
#include "run/observation.h"

namespace tare {

// Values below this are the reference document's small ones ("< 1KB", line 8), of which its tables speak.
inline constexpr std::uint64_t small_value_bytes = 1024;

// One cell in both builds, of which a run may have one, both or none.
struct CellPair {
    std::optional<CellKey> counted;
    std::optional<CellKey> timed;

    bool any() const { return counted || timed; }
    // Of either; asserts when there is none.
    const CellKey& either() const;
};

class Measurements {
public:
    explicit Measurements(const std::vector<Observation>& observations);

    // The cells of the run in its own order.
    const std::vector<CellKey>& cells() const { return cells_; }
    // Whether the run asked this of a variant one request at a time, whatever the sizes.
    bool holds(const VariantName& variant, const std::string& op) const;
    // The cells, asked one request at a time, with the smallest value of one byte or more that is small in the reference
    // document's sense; of two keys the one of 16 bytes, else the shorter.
    CellPair small_cells(const VariantName& variant, const std::string& op) const;
    // The same with the largest value above the small one, and with its key; none where there is no small one.
    CellPair large_cells(const VariantName& variant, const std::string& op) const;

    // Whether this source has a total of the metric in the first window, be it absent.
    bool watched(const CellKey& cell, Source source, const std::string& metric) const;
    // A quantity in the first window, by the rule of core/snapshot.h; whatever the run does not hold is absent and says so.
    PerRequest figure(const CellKey& cell, Source source, const Quantity& quantity) const;
    // The same from the second window less the first: what a request costs beyond those of the first window.
    PerRequest extra_figure(const CellKey& cell, Source source, const Quantity& quantity) const;
    // Every part of a metric that is not zero, by detail; absent parts included.
    std::map<std::string, PerRequest> parts(const CellKey& cell, Source source, const std::string& metric) const;
    // The metrics of which any source has a total in this cell, and the requests of its first window.
    std::vector<std::string> metrics_of(const CellKey& cell) const;
    std::uint64_t requests_of(const CellKey& cell) const;

private:
    struct Window {
        std::uint64_t units = 1;  // requests; ms of idle activity
        Snapshot snapshot;
    };
    struct WindowKey {
        CellKey cell;
        Source source;
        std::uint64_t repetition;
        friend auto operator<=>(const WindowKey&, const WindowKey&) = default;
    };
    const Window* window(const CellKey& cell, Source source, std::uint64_t repetition) const;
    // The reading of a window, absent with what is missing.
    Measured<std::uint64_t> reading(const Window* window, Source source, const Quantity& quantity) const;
    // The cells of a variant and operation that one build has, one request at a time.
    std::vector<CellKey> unpipelined_requests(const VariantName& variant, Build build, const std::string& op) const;
    // A cell and its twin in the other build.
    CellPair both_builds(CellKey cell) const;

    std::vector<CellKey> cells_;
    std::map<WindowKey, Window> windows_;
};

}  // namespace tare
