// SPDX-License-Identifier: Apache-2.0
// The table for people: exact where all repetitions agree, median and range where they do not, absent with its reason.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "harness/process/child.h"
#include "harness/trace/series.h"

namespace tare {
namespace {

// What is not a system call's or an opcode's count needs a word, so that no reader takes it for more than it is.
std::string label_of(const Quantity& quantity) {
    if (!quantity.detail.empty()) return "  " + quantity.detail;
    return quantity.metric == "copies" ? "copies (libc-visible)" : quantity.metric;
}

std::string text_of(const Spread& spread) {
    if (!spread.present()) return "absent";
    if (spread.exact()) return fmt::format("{}", spread.median);
    return fmt::format("{} ({} to {})", spread.median, spread.least, spread.most);
}

// Exact only when both are; otherwise what the differences between two repetitions can be.
std::string difference_of(const Spread& here, const Spread& there) {
    if (!here.present() || !there.present()) return "absent";
    const auto less = [](std::uint64_t left, std::uint64_t right) {
        return static_cast<std::int64_t>(left) - static_cast<std::int64_t>(right);
    };
    const std::int64_t median = less(here.median, there.median);
    if (here.exact() && there.exact()) return fmt::format("{:+}", median);
    return fmt::format("{:+} ({:+} to {:+})", median, less(here.least, there.most), less(here.most, there.least));
}

std::string heading_of(const char* what, const CommandSeries& series) {
    std::map<std::string, std::size_t> ends;
    for (const CountedCommand& repetition : series.repetitions) ++ends[end_of(repetition.status)];
    std::vector<std::string> texts;
    texts.reserve(ends.size());
    for (const auto& [end, count] : ends) texts.push_back(fmt::format("{} x {}", count, end));
    return fmt::format("{}: {}\n         {}; processes: {}\n", what, fmt::join(series.arguments, " "), fmt::join(texts, ", "),
                       series.repetitions.back().process_count);
}

// Each reason once, with the metrics that it takes away; of a part only where its total is there, or has another reason.
void note_absence(std::map<std::string, std::vector<std::string>>& reasons, const Quantity& quantity, const Spread& spread) {
    if (spread.present()) return;
    if (quantity.detail.empty())
        reasons[spread.absent].push_back(quantity.metric);
    else if (!reasons.contains(spread.absent))
        reasons[spread.absent].push_back(quantity.detail);
}

std::string reasons_text(const char* what, const std::map<std::string, std::vector<std::string>>& reasons) {
    std::string text;
    for (const auto& [reason, metrics] : reasons)
        text += fmt::format("absent{}: {}: {}\n", what, fmt::join(metrics, ", "), reason);
    return text.empty() ? "" : "\n" + text;
}

constexpr const char* legend =
    "\nlibc-visible: calls of memcpy, memmove and mempcpy that reach a C library; what a compiler wrote inline is not seen.\n";

std::string one_column(const CommandSeries& series) {
    std::string text = heading_of("command", series) + "\n";
    std::map<std::string, std::vector<std::string>> reasons;
    for (const auto& [quantity, readings] : rows_of(series.repetitions)) {
        const Spread spread = spread_of(readings);
        note_absence(reasons, quantity, spread);
        text += fmt::format("{:34} {}\n", label_of(quantity), text_of(spread));
    }
    return text + reasons_text("", reasons) + legend;
}

std::string three_columns(const CommandSeries& series, const CommandSeries& other) {
    // Both as one list of repetitions, so that a part which only one of them has stands beside a 0 of the other.
    std::vector<CountedCommand> both = other.repetitions;
    both.insert(both.end(), series.repetitions.begin(), series.repetitions.end());
    const auto split = static_cast<std::ptrdiff_t>(other.repetitions.size());
    std::string text = heading_of("other  ", other) + heading_of("command", series);
    text += fmt::format("\n{:34} {:>24} {:>24} {:>24}\n", "", "other", "command", "command less other");
    std::map<std::string, std::vector<std::string>> there_reasons;
    std::map<std::string, std::vector<std::string>> here_reasons;
    for (const auto& [quantity, readings] : rows_of(both)) {
        const Spread there = spread_of({readings.begin(), readings.begin() + split});
        const Spread here = spread_of({readings.begin() + split, readings.end()});
        note_absence(there_reasons, quantity, there);
        note_absence(here_reasons, quantity, here);
        text += fmt::format("{:34} {:>24} {:>24} {:>24}\n", label_of(quantity), text_of(there), text_of(here),
                            difference_of(here, there));
    }
    return text + reasons_text(" in other", there_reasons) + reasons_text(" in command", here_reasons) + legend;
}

}  // namespace

std::string as_text(const CommandSeries& series, const CommandSeries* other) {
    return other == nullptr ? one_column(series) : three_columns(series, *other);
}

}  // namespace tare
