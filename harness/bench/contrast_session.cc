// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/contrast_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "core/clock.h"
#include "core/error.h"
#include "core/percentiles.h"
#include "harness/bench/loaded_server.h"
#include "harness/bench/tolerated.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;
// Before each slice its subject is asked for this part of one, unmeasured: the caches hold what the subject before it used.
constexpr std::uint64_t lead_in_divisor = 10;

// The validity flags that stand, with spaces between; `?` follows one that cannot be told.
std::string marks_text(const Snapshot& marks) {
    std::string text;
    for (const auto& [quantity, reading] : marks) {
        if (quantity.detail.empty()) continue;
        text += (text.empty() ? "" : " ") + quantity.detail + (reading.present() ? "" : "?");
    }
    return text;
}

// What one slice measured, at its place. Of a row the absent values have one reason: it has no other values than these.
ContrastRow measured_row(ContrastRow row, const TimedWindow& window) {
    const LoadResult& result = window.result;
    row.requests = result.requests_sent;
    row.server_cpu_ns = window.server.total("cpu_ns");
    row.client_cpu_ns = std::accumulate(result.client_cpu_ns.begin(), result.client_cpu_ns.end(), std::uint64_t{0});
    row.window_ns = result.elapsed_ns;
    row.latency_p50_ns = percentile_reading(result.latency_ns, 50);
    row.marks = marks_text(marks_of(window, nullptr));
    return row;
}

// One process of an arm, warmed up.
class Subject {
public:
    Subject(const Cell& cell, std::uint64_t generation, const Servers& servers, const Pinning& pinning)
        : where_(to_string(cell) + ": "), loaded_(cell, generation + 1, servers, pinning) {
        if (loaded_.process().spins())
            throw cannot_measure("it polls for requests also while others are asked, and takes their core");
        with_exit_report(where_, &loaded_.process(), [&] {
            loaded_.warm_up();
            timer_.emplace(loaded_.server(), cell);
        });
    }

    TimedWindow slice(std::uint64_t slice_ms) {
        return with_exit_report(where_, &loaded_.process(), [&] {
            loaded_.client().run({.duration_ns = slice_ms * ns_per_ms / lead_in_divisor});
            return loaded_.timed(*timer_, {.duration_ns = slice_ms * ns_per_ms});
        });
    }

private:
    std::string where_;
    LoadedServer loaded_;
    std::optional<ServerTimer> timer_;
};

class ContrastBench {
public:
    ContrastBench(const Contrast& contrast, std::uint64_t seed, const Servers& servers, const Pinning& pinning,
                  const ContrastProgress& progress, ContrastSession& session, std::vector<std::string>& warnings)
        : contrast_(contrast),
          servers_(servers),
          pinning_(pinning),
          progress_(progress),
          session_(session),
          warnings_(warnings),
          arms_(arms_of(contrast)),
          absent_(arms_.size(), false),
          random_(seed),
          start_ns_(monotonic_ns()) {}

    void run() {
        std::optional<ContrastEnd> end;
        for (std::uint64_t generation = 0; !end; ++generation) end = run_generation(generation);
        session_.end = *end;
        session_.duration_s = elapsed_s();
    }

private:
    using RowsByArm = std::vector<std::vector<ContrastRow>>;

    double elapsed_s() const { return static_cast<double>(monotonic_ns() - start_ns_) / 1e9; }

    ContrastRow place_of(std::size_t arm, std::uint64_t generation, std::uint64_t order) const {
        ContrastRow row;
        row.contrast = contrast_.name;
        row.generation = generation;
        row.block = block_;
        row.order = order;
        row.subject = to_string(arms_[arm].cell->key.variant);
        row.role = arms_[arm].role;
        return row;
    }

    // What `work` gives; nothing when the arm fails in a way that the contrast can go on after: it is absent from then on.
    template <class Work>
    auto attempt(std::size_t arm, const ContrastRow& place, RowsByArm& rows, const Work& work)
        -> std::optional<decltype(work())> {
        try {
            return work();
        } catch (const Error& error) {
            const Cell& cell = *arms_[arm].cell;
            if (!is_tolerated(error, cell)) throw;
            absent_[arm] = true;
            rows[arm].push_back(absent_contrast_row(place, one_line(error.what())));
            warnings_.push_back(fmt::format("{}: {}: {}", to_string(contrast_), place.subject, error.what()));
            if (is_failure_of_case(error, cell) && session_.first_failure.empty()) session_.first_failure = warnings_.back();
            return std::nullopt;
        }
    }

    // Whether there is the first and another than its control.
    bool can_contrast() const {
        for (std::size_t arm = 1; arm < arms_.size(); ++arm) {
            if (!absent_[0] && !absent_[arm] && arms_[arm].role == ContrastRole::other) return true;
        }
        return false;
    }

    std::optional<ContrastEnd> run_generation(std::uint64_t generation) {
        std::vector<std::unique_ptr<Subject>> subjects(arms_.size());
        RowsByArm absences(arms_.size());
        for (const std::size_t arm : start_order()) {
            if (interrupted()) throw run_failed("interrupted");
            if (absent_[arm]) continue;
            auto started = attempt(arm, place_of(arm, generation, 0), absences,
                                   [&] { return std::make_unique<Subject>(*arms_[arm].cell, generation, servers_, pinning_); });
            if (started) subjects[arm] = std::move(*started);
        }
        append(absences);
        for (std::uint64_t block = 0; block < blocks_per_generation; ++block) {
            if (!can_contrast()) return ContrastEnd::nothing_to_contrast;
            run_block(generation, subjects);
            progress_(progress_text(ratios_, elapsed_s(), contrast_.budget_s));
            const bool whole = block + 1 == blocks_per_generation;
            const auto end = end_of(ratios_, contrast_.precision, whole, elapsed_s(), static_cast<double>(contrast_.budget_s));
            if (end) return end;
        }
        return std::nullopt;
    }

    std::vector<std::size_t> start_order() {
        std::vector<std::size_t> order(arms_.size());
        std::iota(order.begin(), order.end(), 0);
        std::shuffle(order.begin(), order.end(), random_);
        return order;
    }

    void run_block(std::uint64_t generation, std::vector<std::unique_ptr<Subject>>& subjects) {
        RowsByArm rows(arms_.size());
        std::uint64_t order = 0;
        for (const std::size_t arm : block_order(arms_.size(), random_)) {
            const ContrastRow place = place_of(arm, generation, order++);
            if (absent_[arm]) continue;
            const auto window = attempt(arm, place, rows, [&] { return subjects[arm]->slice(contrast_.slice_ms); });
            if (window)
                rows[arm].push_back(measured_row(place, *window));
            else
                subjects[arm].reset();
        }
        append(rows);
        ++block_;
    }

    // A block's rows by arm, whatever order they came in.
    void append(const RowsByArm& rows) {
        for (const auto& of_arm : rows) {
            for (const ContrastRow& row : of_arm) {
                session_.rows.push_back(row);
                ratios_.include(row);
            }
        }
    }

    const Contrast& contrast_;
    const Servers& servers_;
    const Pinning& pinning_;
    const ContrastProgress& progress_;
    ContrastSession& session_;
    std::vector<std::string>& warnings_;
    std::vector<ContrastArm> arms_;
    std::vector<bool> absent_;
    ContrastRatios ratios_;
    std::mt19937_64 random_;
    std::uint64_t start_ns_;
    std::uint64_t block_ = 0;
};

}  // namespace

void run_contrast(const Contrast& contrast, std::uint64_t seed, const Servers& servers, const Pinning& pinning,
                  const ContrastProgress& progress, ContrastSession& session, std::vector<std::string>& warnings) {
    ContrastBench(contrast, seed, servers, pinning, progress, session, warnings).run();
}

std::string progress_text(const ContrastRatios& ratios, double elapsed_s, std::uint64_t budget_s) {
    const std::optional<double> widest = ratios.widest();
    return fmt::format("{} block{}{}, {:.0f} s of {} s", ratios.blocks(), ratios.blocks() == 1 ? "" : "s",
                       widest ? fmt::format(", widest interval {:.1f} %", 100 * *widest) : "", elapsed_s, budget_s);
}

nlohmann::json record_of(const Contrast& contrast, const ContrastSession& session, std::uint64_t seed) {
    const CellKey& workload = contrast.workload();
    std::vector<std::string> subjects;
    for (const Cell& subject : contrast.subjects) subjects.push_back(to_string(subject.key.variant));
    return {{"name", contrast.name},
            {"subjects", subjects},
            {"op", workload.op},
            {"key_bytes", workload.key_bytes},
            {"value_bytes", workload.value_bytes},
            {"connections", workload.connections},
            {"pipeline", workload.pipeline},
            {"precision", contrast.precision},
            {"budget_s", contrast.budget_s},
            {"slice_ms", contrast.slice_ms},
            {"warm_up_ms", contrast.subjects.front().load->warm_up_ms},
            {"keys", contrast.subjects.front().load->key_count},
            {"client_io", name_of(contrast.subjects.front().load->client_io)},
            {"order_seed", seed},
            {"duration_s", session.duration_s},
            {"ended_by", name_of(session.end)}};
}

}  // namespace tare
