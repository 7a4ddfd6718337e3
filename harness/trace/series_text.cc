// SPDX-License-Identifier: Apache-2.0
// The tables for people, as text and as Markdown: exact where all repetitions agree, median and range where they do not, absent
// with its reason.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "core/plain_text.h"
#include "harness/process/child.h"
#include "harness/trace/series.h"

namespace tare {
namespace {

// What is not a system call's or an opcode's count needs a word, so that no reader takes it for more than it is.
std::string label_of(const Quantity& quantity) {
    if (!quantity.detail.empty()) return "  " + quantity.detail;
    return quantity.metric == "copies" ? "copies (libc-visible)" : quantity.metric;
}

std::string text_or_absent(const Measured<Spread>& spread) { return spread.present() ? text_of(spread.value()) : "absent"; }

// Exact only when both are; otherwise what the differences between two repetitions can be.
std::string difference_of(const Measured<Spread>& command, const Measured<Spread>& other) {
    if (!command.present() || !other.present()) return "absent";
    const Spread& here = command.value();
    const Spread& there = other.value();
    const auto less = [](std::uint64_t left, std::uint64_t right) {
        return static_cast<std::int64_t>(left) - static_cast<std::int64_t>(right);
    };
    const std::int64_t median = less(here.median, there.median);
    if (here.exact() && there.exact()) return fmt::format("{:+}", median);
    return fmt::format("{:+} ({:+} to {:+})", median, less(here.least, there.most), less(here.most, there.least));
}

// What was run, and how its repetitions ended.
struct Heading {
    std::string what;
    std::string command;
    std::string ends;
};

Heading heading_of(const char* what, const CommandSeries& series) {
    std::map<std::string, std::size_t> ends;
    for (const CountedCommand& repetition : series.repetitions) ++ends[end_of(repetition.status)];
    std::vector<std::string> texts;
    texts.reserve(ends.size());
    for (const auto& [end, count] : ends) texts.push_back(fmt::format("{} x {}", count, end));
    const CountedCommand& last = series.repetitions.back();
    const char* const counters = last.sources.contains(Source::ptrace)
                                     ? "; counted without BPF: system calls by ptrace, functions by preload, queues by fdinfo"
                                     : "";
    return {what, fmt::format("{}", fmt::join(series.arguments, " ")),
            fmt::format("{}; processes: {}{}", fmt::join(texts, ", "), last.process_count, counters)};
}

// Each reason once, with the metrics that it takes away; of a part only where its total is there, or has another reason.
void note_absence(std::map<std::string, std::vector<std::string>>& reasons, const Quantity& quantity,
                  const Measured<Spread>& spread) {
    if (spread.present()) return;
    if (quantity.detail.empty())
        reasons[spread.reason()].push_back(quantity.metric);
    else if (!reasons.contains(spread.reason()))
        reasons[spread.reason()].push_back(quantity.detail);
}

void add_absences(std::vector<std::string>& lines, const char* what,
                  const std::map<std::string, std::vector<std::string>>& reasons) {
    for (const auto& [reason, metrics] : reasons)
        lines.push_back(fmt::format("absent{}: {}: {}", what, fmt::join(metrics, ", "), reason));
}

constexpr const char* legend =
    "libc-visible: calls of memcpy, memmove and mempcpy that reach a C library; what a compiler wrote inline is not seen.\n";

// What either form shows: the label of each row and its columns, and why some are absent.
struct Lines {
    std::vector<Heading> headings;
    std::vector<std::string> columns;  // their titles; none where there is one
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> absences;
};

Lines lines_of(const CommandSeries& series) {
    Lines lines{{heading_of("command", series)}, {}, {}, {}};
    std::map<std::string, std::vector<std::string>> reasons;
    for (const auto& [quantity, readings] : rows_of(series.repetitions)) {
        const Measured<Spread> spread = spread_of(readings);
        note_absence(reasons, quantity, spread);
        lines.rows.push_back({label_of(quantity), text_or_absent(spread)});
    }
    add_absences(lines.absences, "", reasons);
    return lines;
}

Lines lines_of(const CommandSeries& series, const CommandSeries& other) {
    // Both as one list of repetitions, so that a part which only one of them has stands beside a 0 of the other.
    std::vector<CountedCommand> both = other.repetitions;
    both.insert(both.end(), series.repetitions.begin(), series.repetitions.end());
    const auto split = static_cast<std::ptrdiff_t>(other.repetitions.size());
    Lines lines{
        {heading_of("other  ", other), heading_of("command", series)}, {"other", "command", "command less other"}, {}, {}};
    std::map<std::string, std::vector<std::string>> there_reasons;
    std::map<std::string, std::vector<std::string>> here_reasons;
    for (const auto& [quantity, readings] : rows_of(both)) {
        const Measured<Spread> there = spread_of({readings.begin(), readings.begin() + split});
        const Measured<Spread> here = spread_of({readings.begin() + split, readings.end()});
        note_absence(there_reasons, quantity, there);
        note_absence(here_reasons, quantity, here);
        lines.rows.push_back({label_of(quantity), text_or_absent(there), text_or_absent(here), difference_of(here, there)});
    }
    add_absences(lines.absences, " in other", there_reasons);
    add_absences(lines.absences, " in command", here_reasons);
    return lines;
}

Lines lines_of(const CommandSeries& series, const CommandSeries* other) {
    return other == nullptr ? lines_of(series) : lines_of(series, *other);
}

// As code, which no Markdown in a name can leave; a bar would end the table's cell.
std::string code(std::string_view text) {
    std::string safe = plain(text);
    std::replace(safe.begin(), safe.end(), '`', '\'');
    for (std::size_t at = safe.find('|'); at != std::string::npos; at = safe.find('|', at + 2)) safe.insert(at, 1, '\\');
    return "`" + safe + "`";
}

// A part's label is indented in the text.
std::string label_cell(const std::string& label) { return label.starts_with("  ") ? "· " + code(label.substr(2)) : code(label); }

}  // namespace

std::string text_of(const Spread& spread) {
    if (spread.exact()) return fmt::format("{}", spread.median);
    return fmt::format("{} ({} to {})", spread.median, spread.least, spread.most);
}

std::string as_text(const CommandSeries& series, const CommandSeries* other) {
    const Lines lines = lines_of(series, other);
    std::string text;
    for (const Heading& heading : lines.headings)
        text += fmt::format("{}: {}\n         {}\n", heading.what, heading.command, heading.ends);
    text += "\n";
    const auto add = [&](const std::string& label, const std::vector<std::string>& columns) {
        text += fmt::format("{:34}", label);
        for (const std::string& column : columns) text += fmt::format(" {:>24}", column);
        text += "\n";
    };
    if (!lines.columns.empty()) add("", lines.columns);
    for (const std::vector<std::string>& row : lines.rows) {
        if (row.size() == 2)
            text += fmt::format("{:34} {}\n", row[0], row[1]);
        else
            add(row[0], {row.begin() + 1, row.end()});
    }
    if (!lines.absences.empty()) text += fmt::format("\n{}\n", fmt::join(lines.absences, "\n"));
    return text + "\n" + legend;
}

std::string as_markdown(const CommandSeries& series, const CommandSeries* other) {
    const Lines lines = lines_of(series, other);
    std::string text;
    for (const Heading& heading : lines.headings) text += fmt::format("{}: {}\n\n", code(heading.command), heading.ends);
    const std::vector<std::string> columns = lines.columns.empty() ? std::vector<std::string>{"count"} : lines.columns;
    text += fmt::format("| quantity | {} |\n|---|", fmt::join(columns, " | "));
    for (std::size_t column = 0; column < columns.size(); ++column) text += "---:|";
    text += "\n";
    for (const std::vector<std::string>& row : lines.rows)
        text += fmt::format("| {} | {} |\n", label_cell(row[0]), fmt::join(row.begin() + 1, row.end(), " | "));
    for (const std::string& absence : lines.absences) text += "\n- " + code(absence);
    return text + (lines.absences.empty() ? "" : "\n") + "\n" + legend;
}

}  // namespace tare
