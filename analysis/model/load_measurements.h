// SPDX-License-Identifier: Apache-2.0
// A run's cells under load (mode `load`), by repetition. Those in lockstep are in measurements.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis/model/merged_histograms.h"
#include "analysis/model/sample.h"
#include "core/snapshot.h"
#include "run/observation.h"

namespace tare {

// The same workload asked of another variant, in another build.
CellKey with_variant(CellKey cell, const VariantName& variant, Build build);

// How many go into a second, of what takes so many ns each.
Sample per_second(const Sample& ns);

class LoadMeasurements {
public:
    LoadMeasurements() = default;
    explicit LoadMeasurements(const std::vector<Observation>& observations, const std::vector<HistogramRow>& histograms = {});

    // In the run's own order.
    const std::vector<CellKey>& cells() const { return cells_; }
    // These have times, no probe disturbed them: builds timed and external.
    std::vector<CellKey> timed_cells() const;
    bool holds(const CellKey& cell) const { return windows_.contains(cell); }

    // A quantity over the requests of its own window, by the rule of core/snapshot.h.
    Sample per_request(const CellKey& cell, Source source, const Quantity& quantity) const;
    // The value as it stands, for what is no sum over requests.
    Sample whole(const CellKey& cell, Source source, const Quantity& quantity) const;
    // Per request by the ledger, by BPF where there is no ledger.
    Sample counted(const CellKey& cell, const Quantity& quantity) const;
    // Who it is that tells `counted`; nothing when neither does.
    std::optional<Source> teller(const CellKey& cell, const std::string& metric) const;
    // Whether ledger and BPF say the same in each repetition that both have; nothing when they share none.
    std::optional<bool> agreed(const CellKey& cell, const Quantity& quantity) const;
    std::set<std::string> parts(const CellKey& cell, Source source, const std::string& metric) const;

    // Answered per second, and server CPU per request in ns.
    Sample requests_per_s(const CellKey& cell) const;
    Sample cpu_ns(const CellKey& cell) const { return per_request(cell, Source::rusage, {"cpu_ns", ""}); }

    // A percentile (core/percentiles.h) of all repetitions' durations together: of latency_ns, open_latency_ns or late_ns.
    const Merged& percentile(const CellKey& cell, const std::string& metric, const std::string& name) const;
    bool has_open_loop(const CellKey& cell) const;
    // At which rate requests were due in the open loops of these cells: "at 31234/s".
    std::string offered_text(const std::vector<CellKey>& cells) const;

    // What makes the cell's times doubtful, and in how many repetitions.
    std::map<std::string, std::size_t> marks(const CellKey& cell) const;
    // The same in words, "client_bound in 2 of 6 repetitions"; empty when there is nothing to say.
    std::string marks_text(const CellKey& cell) const;

private:
    struct Window {
        Snapshot seen;
        std::map<std::string, std::uint64_t> requests;  // by metric: those of the open loop have a window of their own
    };
    using Windows = std::map<std::uint64_t, Window>;  // by repetition

    // None where the source saw nothing of the cell.
    const Windows& windows(const CellKey& cell, Source source) const;
    // Whether a repetition has a total of the metric, be it absent.
    bool lists(const CellKey& cell, Source source, const std::string& metric) const;
    template <class Value>
    Sample sample(const CellKey& cell, Source source, const Quantity& quantity, const Value& value) const;

    std::vector<CellKey> cells_;
    std::map<std::tuple<CellKey, std::string, std::string>, Merged> percentiles_;
    std::map<CellKey, std::map<Source, Windows>> windows_;
};

}  // namespace tare
