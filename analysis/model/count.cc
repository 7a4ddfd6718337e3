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

// How a verdict and a table name a counter.
constexpr std::string_view ledger_name = name_of(Source::ledger);
constexpr std::string_view bpf_name = name_of(Source::bpf);
constexpr std::string_view fdinfo_name = name_of(Source::fdinfo);
// An external server has one build only.
std::string_view name_of_timed(const CellPair& cells) {
    return cells.timed && cells.timed->build == Build::external ? bpf_name : "bpf (timed build)";
}

// One quantity by its independent counters: the ledger and BPF on the counted build, BPF on the timed build.
struct Reconciled {
    PerRequest total{Absent{"not in this run"}};
    std::map<std::string, PerRequest> parts;
    std::vector<std::string> names;
    std::vector<PerRequest> figures;  // of each
    std::string dissent;              // in a sentence
    std::string otherwise;            // who else counted what
    bool parts_named = true;
    std::size_t silent = 0;  // that could not count it
};

void hear(Reconciled& reconciled, const PerRequest& figure, std::string_view name) {
    if (!figure.present()) {
        // The first reason stands: who comes later often only says that it was not there.
        if (!reconciled.total.present() && reconciled.silent++ == 0) reconciled.total = figure;
        return;
    }
    if (reconciled.names.empty()) reconciled.total = figure;
    if (figure.value() != reconciled.total.value()) {
        reconciled.dissent += fmt::format("{} counts {}, {} counts {}; ", reconciled.names.front(),
                                          count_text(reconciled.total.value()), name, count_text(figure.value()));
        reconciled.otherwise +=
            fmt::format("{}{} {}", reconciled.otherwise.empty() ? "" : ", ", name, count_text(figure.value()));
    }
    reconciled.names.emplace_back(name);
    reconciled.figures.push_back(figure);
}

// Parts are told by the ledger where it has names of its own for them (sites, copy_edges), else by whoever counted.
Reconciled reconciled(const Measurements& measured, const CellPair& cells, const std::string& metric) {
    Reconciled result;
    // Who does not count this metric is not asked: its silence would hide why the others could not.
    const auto ask = [&](const std::optional<CellKey>& cell, Source source, std::string_view name) {
        if (cell && measured.watched(*cell, source, metric)) hear(result, measured.figure(*cell, source, {metric, ""}), name);
    };
    ask(cells.counted, Source::ledger, ledger_name);
    ask(cells.counted, Source::bpf, bpf_name);
    ask(cells.counted, Source::fdinfo, fdinfo_name);
    ask(cells.timed, Source::bpf, name_of_timed(cells));
    if (result.names.empty()) return result;
    const bool ledger = result.names.front() == ledger_name;
    const CellKey& first = cells.counted && result.names.front() != name_of_timed(cells) ? *cells.counted : *cells.timed;
    result.parts = measured.parts(first, ledger ? Source::ledger : Source::bpf, metric);
    const bool kernel_names = metric == "syscalls" || metric == "sqes" || metric == "cqes";
    result.parts_named = ledger || (kernel_names && result.names.front() != fdinfo_name);
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
        const PerRequest& completions = cqes.figures[static_cast<std::size_t>(same - cqes.names.begin())];
        hear(sum, sqes.figures[index] + completions, sqes.names[index]);
    }
    if (sum.names.empty()) {
        sum.total = sqes.total + cqes.total;
        if (sum.total.present()) sum.total = PerRequest(Absent{"no source counted both SQEs and CQEs"});
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
    const std::map<std::string, PerRequest> parts = std::exchange(count.parts, {});
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
    Count count{PerRequest(Absent{"only the ledger knows what a copy carried"}), {}, said_by(all)};
    if (!all.otherwise.empty())
        count.otherwise = fmt::format("all copies: {} {}, {}", all.names.front(), count_text(all.total.value()), all.otherwise);
    if (!all.total.present()) count.total = all.total;
    if (all.names.empty() || all.names.front() != ledger_name) return count;
    count.total = PerRequest(0.0);
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
    const auto ask = [&](const std::optional<CellKey>& cell, Source source, const Quantity& quantity, std::string_view name) {
        if (!cell || !measured.watched(*cell, source, quantity.metric)) return;
        const PerRequest bytes = measured.figure(*cell, source, quantity);
        const PerRequest sent = measured.figure(*cell, Source::client, {"sent_bytes", ""});
        if (!bytes.present() || !sent.present())
            hear(seen, bytes.present() ? sent : bytes, name);
        else if (sent.value() > 0)
            hear(seen, PerRequest(bytes.value() / sent.value()), name);
    };
    ask(cells.counted, Source::ledger, {"received_bytes", ""}, ledger_name);
    ask(cells.counted, Source::bpf, {"kernel_copied_bytes", "received"}, bpf_name);
    ask(cells.timed, Source::bpf, {"kernel_copied_bytes", "received"}, name_of_timed(cells));
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
PerRequest slope(const PerRequest& small, const PerRequest& large, std::uint64_t size_difference_bytes) {
    PerRequest difference = large - small;
    if (!difference.present()) return difference;
    return PerRequest(std::round(difference.value() / static_cast<double>(size_difference_bytes) * 1000) / 1000);
}

Count absent_count(const std::string& reason) {
    Count count;
    count.total = PerRequest(Absent{reason});
    return count;
}

Count value_copies(const Measurements& measured, const CellPair& small_cells, const CellPair& large_cells) {
    const bool external = !small_cells.counted && small_cells.timed && small_cells.timed->build == Build::external;
    const std::optional<CellKey>& small = external ? small_cells.timed : small_cells.counted;
    const std::optional<CellKey>& large = external ? large_cells.timed : large_cells.counted;
    if (!small) return absent_count("needs the counted build");
    if (!large) return absent_count("needs two sizes of the value");
    const std::uint64_t bytes = large->value_bytes - small->value_bytes;
    const auto between = [&](Source source, const std::string& detail) {
        const Quantity quantity{"copied_bytes", detail};
        return slope(measured.figure(*small, source, quantity), measured.figure(*large, source, quantity), bytes);
    };
    Reconciled seen;
    hear(seen, between(Source::ledger, ""), ledger_name);
    hear(seen, between(Source::bpf, ""), bpf_name);
    Count count{seen.total, {}, said_by(seen), seen.otherwise, !seen.names.empty() && seen.names.front() == ledger_name};
    for (const CopyEdgeRow& edge : copy_edges) {
        const PerRequest part = between(Source::ledger, std::string(edge.name));
        if (part.present() && part.value() != 0) count.parts.emplace(std::string(edge.name), part);
    }
    return count;
}

}  // namespace

Count count_of(const Measurements& measured, const CellPair& cells, const std::string& metric) {
    const Reconciled seen = reconciled(measured, cells, metric);
    return {seen.total, seen.parts, said_by(seen), seen.otherwise, seen.parts_named};
}

std::string counted_metric(const std::string& metric) {
    if (metric.starts_with("queue_")) return "sqes";
    if (metric == "value_copies") return "copied_bytes";
    return metric.ends_with("_copies") ? "copies" : metric;
}

Count count_of_request(const Measurements& measured, const CellPair& small, const CellPair& large, const std::string& metric) {
    if (metric == "value_copies") return value_copies(measured, small, large);
    if (metric == "queue_ops") return queue_operations(measured, small);
    if (metric == "queue_sqes") return submissions(measured, small);
    if (metric == "received_data_copies") return received_data_copies(measured, small);
    if (metric == "data_copies" || metric == "text_copies") return copies_of(measured, small, metric == "text_copies");
    return count_of(measured, small, metric);
}

Count count_of(const Measurements& measured, const VariantName& variant, const std::string& op, const std::string& metric) {
    const CellPair cells = measured.small_cells(variant, op);
    if (!cells.any() && measured.holds(variant, op))
        return absent_count(
            fmt::format("needs a value of less than {} bytes (the reference document's small value)", small_value_bytes));
    if (!cells.any()) return {};
    return count_of_request(measured, cells, measured.large_cells(variant, op), metric);
}

Count difference(const Count& left, const Count& right) {
    Count count{left.total - right.total, left.parts, joined(left.counters, right.counters),
                joined(left.otherwise, right.otherwise), left.parts_named && right.parts_named};
    for (const auto& [part, figure] : right.parts) {
        const auto [place, fresh] = count.parts.emplace(part, PerRequest(0.0));
        place->second = place->second - figure;
    }
    return count;
}

}  // namespace tare
