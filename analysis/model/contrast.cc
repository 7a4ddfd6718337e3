// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/contrast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/check.h"
#include "core/median.h"

namespace tare {
namespace {

constexpr double error = 0.05;
constexpr std::size_t most_groups = 64;  // of generations, which SignedRanks can afford

double mean(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// One reading over another; `factor` as often.
Measured<double> quotient(const Measured<std::uint64_t>& over, const Measured<std::uint64_t>& under, double factor) {
    if (!over.present()) return Absent{over.reason()};
    if (!under.present()) return Absent{under.reason()};
    if (over.value() == 0 || under.value() == 0) return Absent{"a reading of 0 has no ratio"};
    return factor * static_cast<double>(over.value()) / static_cast<double>(under.value());
}

// A block's figure, by its slices' logarithms; nothing when one of them is absent.
std::optional<double> log_figure(const std::vector<ContrastRow>& slices, ContrastMetric metric) {
    std::vector<double> logarithms;
    for (const ContrastRow& slice : slices) {
        const Measured<double> figure = figure_of(slice, metric);
        if (!figure.present()) return std::nullopt;
        logarithms.push_back(std::log(figure.value()));
    }
    return mean(logarithms);
}

}  // namespace

Measured<double> figure_of(const ContrastRow& slice, ContrastMetric metric) {
    switch (metric) {
        case ContrastMetric::server_cpu:
            return quotient(slice.server_cpu_ns, slice.requests, 1);
        case ContrastMetric::client_cpu:
            return quotient(slice.client_cpu_ns, slice.requests, 1);
        case ContrastMetric::requests_per_s:
            return quotient(slice.requests, slice.window_ns, 1e9);
        case ContrastMetric::latency_p50:
            return quotient(slice.latency_p50_ns, std::uint64_t{1}, 1);
    }
    return Absent{"no such metric"};
}

Measured<ContrastRatio> ratio_of(const ContrastEffects& effects) {
    const std::size_t together = std::max<std::size_t>(1, (effects.size() + most_groups - 1) / most_groups);
    ContrastRatio ratio;
    std::vector<double> means, group;
    for (const auto& [generation, blocks] : effects) {
        group.push_back(mean(blocks));
        ratio.blocks += blocks.size();
        if (++ratio.generations % together != 0 && ratio.generations != effects.size()) continue;
        means.push_back(mean(group));
        group.clear();
    }
    const std::optional<Estimated> logarithm = SignedRanks(means).at(error);
    if (!logarithm)
        return Absent{
            fmt::format("{} generation{} of processes; an interval needs six", effects.size(), effects.size() == 1 ? "" : "s")};
    ratio.value = std::exp(logarithm->value);
    ratio.interval = {std::exp(logarithm->interval.low), std::exp(logarithm->interval.high)};
    return ratio;
}

ContrastRatios::ContrastRatios(std::span<const ContrastRow> rows) {
    for (const ContrastRow& row : rows) include(row);
}

void ContrastRatios::include(const ContrastRow& row) {
    check(slice_count_ == 0 || row.contrast == contrast_, "rows of two contrasts");
    contrast_ = row.contrast;
    ++slice_count_;
    const ContrastSubject subject{row.subject, row.role};
    if (seen_.try_emplace(subject).second) {
        const auto behind =
            std::find_if(subjects_.begin(), subjects_.end(), [&](const ContrastSubject& other) { return other.role > row.role; });
        subjects_.insert(behind, subject);
    }
    Seen& seen = seen_[subject][row.block];
    seen.generation = row.generation;
    seen.slices.push_back(row);
}

ContrastEffects ContrastRatios::effects(const ContrastSubject& subject, const ContrastSubject& against,
                                        ContrastMetric metric) const {
    ContrastEffects effects;
    const Blocks& others = blocks_of(against);
    for (const auto& [block, seen] : blocks_of(subject)) {
        const auto partner = others.find(block);
        // A block that was not finished is no there and back.
        if (partner == others.end() || partner->second.slices.size() != seen.slices.size()) continue;
        const std::optional<double> over = log_figure(seen.slices, metric);
        const std::optional<double> under = log_figure(partner->second.slices, metric);
        if (over && under) effects[seen.generation].push_back(*over - *under);
    }
    return effects;
}

Measured<ContrastRatio> ContrastRatios::ratio(const ContrastSubject& subject, const ContrastSubject& against,
                                              ContrastMetric metric) const {
    Measured<ContrastRatio> ratio = ratio_of(effects(subject, against, metric));
    if (ratio.present()) return ratio;
    for (const ContrastSubject& either : {subject, against}) {
        const std::string why = left_out(either, metric);
        if (!why.empty()) return Absent{why};
    }
    return ratio;
}

Measured<ContrastRatio> ContrastRatios::ratio(const ContrastSubject& subject, ContrastMetric metric) const {
    if (subjects_.empty() || subjects_.front().role != ContrastRole::first) return ratio_of({});
    return ratio(subject, subjects_.front(), metric);
}

Measured<double> ContrastRatios::median(const ContrastSubject& subject, ContrastMetric metric) const {
    std::vector<double> figures;
    for (const auto& [block, seen] : blocks_of(subject)) {
        for (const ContrastRow& slice : seen.slices) {
            const Measured<double> figure = figure_of(slice, metric);
            if (figure.present()) figures.push_back(figure.value());
        }
    }
    if (figures.empty()) return Absent{left_out(subject, metric)};
    return tare::median(std::move(figures));
}

std::string ContrastRatios::left_out(const ContrastSubject& subject, ContrastMetric metric) const {
    for (const auto& [block, seen] : blocks_of(subject)) {
        for (const ContrastRow& slice : seen.slices) {
            const Measured<double> figure = figure_of(slice, metric);
            if (!figure.present()) return figure.reason();
        }
    }
    return "";
}

std::optional<double> ContrastRatios::widest() const {
    std::optional<double> widest;
    for (const ContrastSubject& subject : subjects_) {
        if (subject.role == ContrastRole::first) continue;
        const Measured<ContrastRatio> ratio = ContrastRatios::ratio(subject, ContrastMetric::server_cpu);
        if (ratio.present())
            widest = std::max(widest.value_or(0), ratio.value().half_width());
        else if (left_out(subject, ContrastMetric::server_cpu).empty())
            return std::nullopt;
    }
    return widest;
}

std::size_t ContrastRatios::blocks() const {
    std::set<std::uint64_t> blocks;
    for (const auto& [subject, seen] : seen_) {
        for (const auto& [block, each] : seen) {
            if (figure_of(each.slices.front(), ContrastMetric::requests_per_s).present()) blocks.insert(block);
        }
    }
    return blocks.size();
}

std::size_t ContrastRatios::generations() const {
    std::set<std::uint64_t> generations;
    for (const auto& [subject, blocks] : seen_) {
        for (const auto& [block, each] : blocks) {
            if (figure_of(each.slices.front(), ContrastMetric::requests_per_s).present()) generations.insert(each.generation);
        }
    }
    return generations.size();
}

std::map<std::string, std::size_t> ContrastRatios::marks() const {
    std::map<std::string, std::size_t> marks;
    for (const auto& [subject, blocks] : seen_) {
        for (const auto& [block, each] : blocks) {
            for (const ContrastRow& slice : each.slices) {
                std::string_view left = slice.marks;
                while (!left.empty()) {
                    const std::string_view mark = left.substr(0, left.find(' '));
                    ++marks[std::string(mark)];
                    left.remove_prefix(std::min(left.size(), mark.size() + 1));
                }
            }
        }
    }
    return marks;
}

std::vector<std::pair<std::string, std::vector<ContrastRow>>> by_contrast(const std::vector<ContrastRow>& rows) {
    std::vector<std::pair<std::string, std::vector<ContrastRow>>> contrasts;
    for (const ContrastRow& row : rows) {
        const auto found =
            std::find_if(contrasts.begin(), contrasts.end(), [&](const auto& each) { return each.first == row.contrast; });
        if (found == contrasts.end())
            contrasts.push_back({row.contrast, {row}});
        else
            found->second.push_back(row);
    }
    return contrasts;
}

}  // namespace tare
