// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/cells.h"

#include <fmt/format.h>

#include <cmath>

#include "core/bounds.h"

namespace tare::document {
namespace {

Text missing(const std::string& reason) { return text_of("absent", note(reason)); }

Text left_out(const Sample& sample) {
    return sample.left_out().empty() ? Text() : note("some repetitions are left out: " + sample.left_out());
}

Cell of_estimate(CellType type, Text content, const Estimate& estimate) {
    Cell cell(type, std::move(content));
    cell.value = estimate.value;
    cell.low = estimate.low;
    cell.high = estimate.high;
    return cell;
}

Cell of_sample(CellType type, const Sample& sample) {
    return sample.present() ? of_estimate(type, shown(sample), sample.estimate()) : absent(sample.reason());
}

}  // namespace

std::string number(double value) { return std::abs(value) >= 1000 ? fmt::format("{:.0f}", value) : fmt::format("{:.4g}", value); }

std::string estimate(const Estimate& estimate) {
    const std::string low = number(estimate.low), high = number(estimate.high);
    if (!estimate.interval && low == high) return number(estimate.value);
    return number(estimate.value) +
           (estimate.interval ? fmt::format(" [{}, {}]", low, high) : fmt::format(" ({} to {})", low, high));
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

Text shown(const PerRequest& figure) {
    if (figure.present()) return count_text(figure.value());
    const std::string_view bounds = bounds_in(figure.reason());
    return bounds.empty() ? missing(figure.reason()) : text_of(bounds, note(figure.reason()));
}

Text shown(const Sample& sample) {
    return sample.present() ? text_of(estimate(sample.estimate()), left_out(sample)) : missing(sample.reason());
}

Text shown_ratio(const Sample& sample) {
    return sample.present() ? text_of(estimate(sample.ratio_estimate()), left_out(sample)) : missing(sample.reason());
}

Text shown(const Price& price) {
    if (!price.present()) return missing(price.reason());
    const Estimate& ns = price.value();
    return ns.low == ns.high ? number(ns.value) : estimate(ns);
}

Text shown(const Count& count) {
    if (!count.total.present() || count.agreed()) return shown(count.total);
    return fmt::format("{} ({})", count_text(count.total.value()), count.otherwise);
}

Cell cell(const PerRequest& figure) {
    Cell cell(figure.present() ? CellType::count : CellType::absent, shown(figure));
    if (figure.present()) cell.value = figure.value();
    return cell;
}

Cell cell(const Count& count) {
    Cell cell = document::cell(count.total);
    cell.content = shown(count);
    return cell;
}

Cell count(std::uint64_t value) {
    Cell cell(CellType::count, std::to_string(value));
    cell.value = static_cast<double>(value);
    return cell;
}

Cell count(const Sample& sample) { return of_sample(CellType::count, sample); }
Cell time(const Sample& sample) { return of_sample(CellType::time, sample); }

Cell ratio(const Sample& sample) {
    return sample.present() ? of_estimate(CellType::ratio, shown_ratio(sample), sample.ratio_estimate())
                            : absent(sample.reason());
}

Cell time(const Price& price) {
    return price.present() ? of_estimate(CellType::time, shown(price), price.value()) : absent(price.reason());
}

Cell time(const Merged& merged, double factor) {
    if (!merged.estimate.present()) return absent(merged.estimate.reason());
    const Estimate scaled = merged.estimate.value() * factor;
    return of_estimate(CellType::time, estimate(scaled), scaled);
}

Cell absent(const std::string& reason) { return {CellType::absent, missing(reason)}; }

}  // namespace tare::document
