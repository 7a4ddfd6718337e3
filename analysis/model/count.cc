// SPDX-License-Identifier: Apache-2.0
#include "analysis/model/count.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/copy_edge.h"

namespace tare {
namespace {

constexpr const char* timed_name = "bpf (timed build)";

// One quantity by its independent counters: the ledger and BPF on the counted build, BPF on the timed build.
struct Reconciled {
    Figure total{Absent{"not in this run"}};
    std::map<std::string, Figure> parts;
    std::vector<std::string> names;
    std::vector<Figure> figures;  // of each
    std::string dissent;          // in a sentence
    std::string otherwise;        // who else counted what
    bool parts_named = true;
    std::size_t silent = 0;  // that could not count it
};

void hear(Reconciled& reconciled, const Figure& figure, const std::string& name) {
    if (!figure.present()) {
        // The first reason stands: who comes later often only says that it was not there.
        if (!reconciled.total.present() && reconciled.silent++ == 0) reconciled.total = figure;
        return;
    }
    if (reconciled.names.empty()) reconciled.total = figure;
    if (figure.value() != reconciled.total.value()) {
        reconciled.dissent +=
            fmt::format("{} counts {}, {} counts {}; ", reconciled.names.front(), reconciled.total.text(), name, figure.text());
        reconciled.otherwise += fmt::format("{}{} {}", reconciled.otherwise.empty() ? "" : ", ", name, figure.text());
    }
    reconciled.names.push_back(name);
    reconciled.figures.push_back(figure);
}

// Parts are told by the ledger where it has names of its own for them (sites, copy_edges), else by whoever counted.
Reconciled reconciled(const Measurements& measured, const CellPair& cells, const std::string& metric) {
    Reconciled result;
    // Who does not count this metric is not asked: its silence would hide why the others could not.
    const auto ask = [&](const std::optional<CellKey>& cell, const std::string& source, const std::string& name) {
        if (cell && measured.watched(*cell, source, metric)) hear(result, measured.figure(*cell, source, {metric, ""}), name);
    };
    ask(cells.counted, "ledger", "ledger");
    ask(cells.counted, "bpf", "bpf");
    ask(cells.counted, "fdinfo", "fdinfo");
    ask(cells.timed, "bpf", timed_name);
    if (result.names.empty()) return result;
    const bool ledger = result.names.front() == "ledger";
    const CellKey& first = result.names.front() == timed_name ? *cells.timed : *cells.counted;
    result.parts = measured.parts(first, ledger ? "ledger" : "bpf", metric);
    const bool kernel_names = metric == "syscalls" || metric == "sqes" || metric == "cqes";
    result.parts_named = ledger || (kernel_names && result.names.front() != "fdinfo");
    return result;
}

std::string said_by(const Reconciled& reconciled) {
    if (!reconciled.dissent.empty()) return reconciled.dissent.substr(0, reconciled.dissent.size() - 2);
    std::string text;
    for (const std::string& name : reconciled.names) text += (text.empty() ? "" : " = ") + name;
    return reconciled.names.size() == 1 ? text + " alone" : text;
}

// Two texts, the second only where it says more.
std::string joined(const std::string& left, const std::string& right) {
    if (left.empty() || left == right) return right;
    return right.empty() ? left : left + "; " + right;
}

// The sum is a source's only where that source saw both of its halves.
Count queue_operations(const Measurements& measured, const CellPair& cells) {
    const Reconciled sqes = reconciled(measured, cells, "sqes");
    const Reconciled cqes = reconciled(measured, cells, "cqes");
    Reconciled sum;
    for (std::size_t index = 0; index < sqes.names.size(); ++index) {
        const auto same = std::find(cqes.names.begin(), cqes.names.end(), sqes.names[index]);
        if (same == cqes.names.end()) continue;
        const Figure& completions = cqes.figures[static_cast<std::size_t>(same - cqes.names.begin())];
        hear(sum, sqes.figures[index] + completions, sqes.names[index]);
    }
    if (sum.names.empty()) {
        sum.total = sqes.total + cqes.total;
        if (sum.total.present()) sum.total = Figure(Absent{"no source counted both SQEs and CQEs"});
    }
    const std::string sqes_otherwise = sqes.otherwise.empty() ? "" : "sqes: " + sqes.otherwise;
    const std::string cqes_otherwise = cqes.otherwise.empty() ? "" : "cqes: " + cqes.otherwise;
    const Reconciled& first_to_dissent = cqes.otherwise.empty() ? sum : cqes;
    Count count{sum.total,
                {},
                said_by(sqes.otherwise.empty() ? first_to_dissent : sqes),
                joined(sqes_otherwise, cqes_otherwise),
                sqes.parts_named && cqes.parts_named};
    for (const auto& [detail, figure] : sqes.parts) count.parts.emplace("sqes " + detail, figure);
    for (const auto& [detail, figure] : cqes.parts) count.parts.emplace("cqes " + detail, figure);
    return count;
}

// The same of the submission queue alone.
Count submissions(const Measurements& measured, const CellPair& cells) {
    Count count = count_of(measured, cells, "sqes");
    const std::map<std::string, Figure> parts = std::exchange(count.parts, {});
    for (const auto& [detail, figure] : parts) count.parts.emplace("sqes " + detail, figure);
    return count;
}

bool carries_text(const std::string& edge) {
    for (const CopyEdgeRow& row : copy_edges) {
        if (row.name == edge) return row.payload == Payload::text;
    }
    return false;
}

// Only the ledger knows what a copy carried; BPF vouches for the sum of all copies.
Count copies_of(const Measurements& measured, const CellPair& cells, bool text) {
    const Reconciled all = reconciled(measured, cells, "copies");
    Count count{Figure(Absent{"only the ledger knows what a copy carried"}), {}, said_by(all)};
    if (!all.otherwise.empty())
        count.otherwise = fmt::format("all copies: {} {}, {}", all.names.front(), all.total.text(), all.otherwise);
    if (!all.total.present()) count.total = all.total;
    if (all.names.empty() || all.names.front() != "ledger") return count;
    count.total = Figure(0.0);
    for (const auto& [edge, figure] : all.parts) {
        if (carries_text(edge) != text) continue;
        count.parts.emplace(edge, figure);
        count.total = count.total + figure;
    }
    return count;
}

// How often the kernel copied a request into the process: what was received over what the client sent.
Reconciled received(const Measurements& measured, const CellPair& cells) {
    Reconciled seen;
    const auto ask = [&](const std::optional<CellKey>& cell, const std::string& source, const Quantity& quantity,
                         const std::string& name) {
        if (!cell || !measured.watched(*cell, source, quantity.metric)) return;
        const Figure bytes = measured.figure(*cell, source, quantity);
        const Figure sent = measured.figure(*cell, "client", {"sent_bytes", ""});
        if (!bytes.present() || !sent.present())
            hear(seen, bytes.present() ? sent : bytes, name);
        else if (sent.value() > 0)
            hear(seen, Figure(bytes.value() / sent.value()), name);
    };
    ask(cells.counted, "ledger", {"received_bytes", ""}, "ledger");
    ask(cells.counted, "bpf", {"kernel_copied_bytes", "received"}, "bpf");
    ask(cells.timed, "bpf", {"kernel_copied_bytes", "received"}, timed_name);
    return seen;
}

Count received_data_copies(const Measurements& measured, const CellPair& cells) {
    Count count = copies_of(measured, cells, false);
    const Reconciled kernel = received(measured, cells);
    count.total = count.total + kernel.total;
    count.parts.emplace(received_part, kernel.total);
    count.counters = joined(count.counters, "received: " + said_by(kernel));
    if (!kernel.otherwise.empty()) count.otherwise = joined(count.otherwise, "received: " + kernel.otherwise);
    return count;
}

// How many bytes more are copied for each byte that the value is longer, to a thousandth: the digits of the value's size
// in a header are no copy of the value.
Figure slope(const Figure& small, const Figure& large, std::uint64_t size_difference_bytes) {
    Figure difference = large - small;
    if (!difference.present()) return difference;
    return Figure(std::round(difference.value() / static_cast<double>(size_difference_bytes) * 1000) / 1000);
}

Count absent_count(const std::string& reason) {
    Count count;
    count.total = Figure(Absent{reason});
    return count;
}

Count value_copies(const Measurements& measured, const VariantName& variant, const std::string& op) {
    const auto small = measured.small_cells(variant, op).counted;
    const auto large = measured.large_cells(variant, op).counted;
    if (!small) return absent_count("needs the counted build");
    if (!large) return absent_count("needs two sizes of the value");
    const std::uint64_t bytes = large->value_bytes - small->value_bytes;
    const auto between = [&](const std::string& source, const std::string& detail) {
        const Quantity quantity{"copied_bytes", detail};
        return slope(measured.figure(*small, source, quantity), measured.figure(*large, source, quantity), bytes);
    };
    Reconciled seen;
    hear(seen, between("ledger", ""), "ledger");
    hear(seen, between("bpf", ""), "bpf");
    Count count{seen.total, {}, said_by(seen), seen.otherwise, !seen.names.empty() && seen.names.front() == "ledger"};
    for (const CopyEdgeRow& edge : copy_edges) {
        const Figure part = between("ledger", std::string(edge.name));
        if (part.present() && part.value() != 0) count.parts.emplace(std::string(edge.name), part);
    }
    return count;
}

}  // namespace

Count count_of(const Measurements& measured, const CellPair& cells, const std::string& metric) {
    const Reconciled seen = reconciled(measured, cells, metric);
    return {seen.total, seen.parts, said_by(seen), seen.otherwise, seen.parts_named};
}

Count count_of(const Measurements& measured, const VariantName& variant, const std::string& op, const std::string& metric) {
    const CellPair cells = measured.small_cells(variant, op);
    if (!cells.any() && measured.holds(variant, op))
        return absent_count(
            fmt::format("needs a value of less than {} bytes (the reference document's small value)", small_value_bytes));
    if (!cells.any()) return {};
    if (metric == "value_copies") return value_copies(measured, variant, op);
    if (metric == "queue_ops") return queue_operations(measured, cells);
    if (metric == "queue_sqes") return submissions(measured, cells);
    if (metric == "received_data_copies") return received_data_copies(measured, cells);
    if (metric == "data_copies" || metric == "text_copies") return copies_of(measured, cells, metric == "text_copies");
    return count_of(measured, cells, metric);
}

Count difference(const Count& left, const Count& right) {
    Count count{left.total - right.total, left.parts, joined(left.counters, right.counters),
                joined(left.otherwise, right.otherwise), left.parts_named && right.parts_named};
    for (const auto& [part, figure] : right.parts) {
        const auto [place, fresh] = count.parts.emplace(part, Figure(0.0));
        place->second = place->second - figure;
    }
    return count;
}

}  // namespace tare
