// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/figures/figures.h"
#include "analysis/case_study/sections/sections.h"
#include "analysis/model/attribution.h"
#include "analysis/model/count.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/validity_flags.h"
#include "analysis/report/sections/winner.h"

namespace tare::sections {
namespace {

constexpr const char* op = "get_hit";

struct Aspect {
    const char* name;
    Cell uring;
    Cell epoll;
    Text winner;
    const char* claimed_winner;
    const char* claim;  // in claims.toml; null where another line has the document's words
};

class Comparison {
public:
    explicit Comparison(const CaseStudyFindings& findings)
        : findings_(findings), uring_(findings.reference.servers.at("io_uring")), epoll_(findings.reference.servers.at("mio")) {}

    std::vector<Aspect> aspects() {
        return {counted("Syscall count, lockstep", "syscalls", "io_uring", nullptr),
                calls_under_load(),
                system_time(),
                cpu_time_in_turn(),
                counted("Queue overhead, entries", "queue_ops", "mio", "winner-queue_ops"),
                queue_time(),
                provided_copies(),
                counted("Allocation count", "allocations", "Tie", "runtime-allocations-io_uring"),
                counted("Total copies", "data_copies", "mio", "winner-copies"),
                scalability()};
    }
    void add_marked(Section& section) const { add_marked_cells(section, findings_.load, used_); }

private:
    // Counts are exact: the smaller number wins, if the independent counters of both agree.
    Aspect counted(const char* aspect, const char* metric, const char* claimed_winner, const char* claim) {
        const Count uring = count_of(findings_.measured, uring_, op, metric);
        const Count epoll = count_of(findings_.measured, epoll_, op, metric);
        const bool disputed = !uring.agreed() || !epoll.agreed();
        return {aspect,
                document::cell(uring),
                document::cell(epoll),
                disputed ? "undecided: the independent counters disagree" : smaller(uring.total, epoll.total),
                claimed_winner,
                claim};
    }

    static std::string smaller(const PerRequest& uring, const PerRequest& epoll) {
        if (!uring.present() || !epoll.present()) return "not measured";
        return uring.value() == epoll.value() ? "Tie" : uring.value() < epoll.value() ? "io_uring" : "mio";
    }

    // By the interval of io_uring's number over mio's.
    static Text smaller(const Sample& ratio) {
        if (!ratio.present()) return text_of("not measured: ", document::shown_ratio(ratio));
        const Estimate estimate = ratio.ratio_estimate();
        return fmt::format("{}, ratio {}", verdict_on(estimate, "io_uring", "mio"), document::estimate(estimate));
    }

    // Small value, 64 connections, pipeline 1; the cells are noted as used.
    std::pair<CellKey, CellKey> load_cells(Build build) {
        const std::optional<CellKey> cell = small_load_cell(findings_.load, uring_, 1);
        const CellKey base = cell ? *cell : CellKey{};
        std::pair pair(with_variant(base, uring_, build), with_variant(base, epoll_, build));
        if (build == Build::timed) used_.insert({pair.first, pair.second});
        return pair;
    }

    Aspect calls_under_load() {
        const auto [uring, epoll] = load_cells(Build::counted);
        const Sample left = findings_.load.counted(uring, {"syscalls", ""}),
                     right = findings_.load.counted(epoll, {"syscalls", ""});
        return {"Syscall count, 64 connections",
                document::count(left),
                document::count(right),
                left.present() && right.present() ? fewer_calls(findings_.load, uring, epoll) : "not measured",
                "io_uring",
                "winner-syscalls"};
    }

    Aspect system_time() {
        const auto [uring, epoll] = load_cells(Build::timed);
        const auto system_ns = [&](const CellKey& cell) {
            return findings_.load.per_request(cell, Source::rusage, {"cpu_system_ns", ""});
        };
        return {"Syscall latency: CPU in the kernel, ns",
                document::time(system_ns(uring)),
                document::time(system_ns(epoll)),
                smaller(system_ns(uring) / system_ns(epoll)),
                "io_uring",
                "winner-latency"};
    }

    // By the contrast of the two, where the run holds one: io_uring's CPU time over mio's.
    Aspect cpu_time_in_turn() {
        const char* const aspect = "CPU time in turn, ns";
        const CellKey workload = load_cells(Build::timed).first;
        const std::optional<ContrastPair> pair = find_pair(findings_.contrasts, uring_, epoll_, op, &workload);
        if (!pair) {
            const Cell absent = document::absent("this run holds no contrast of the two");
            return {aspect, absent, absent, "not measured", "-", nullptr};
        }
        const ContrastRatios& ratios = pair->finding->ratios;
        const auto median = [&](const ContrastSubject& subject) {
            const Measured<double> ns = ratios.median(subject, ContrastMetric::server_cpu);
            return ns.present() ? Cell(document::CellType::time, document::number(ns.value())) : document::absent(ns.reason());
        };
        const Measured<ContrastRatio> ratio = ratios.ratio(pair->subject, pair->against, ContrastMetric::server_cpu);
        if (!ratio.present())
            return {aspect, median(pair->subject), median(pair->against), text_of("not measured", note(ratio.reason())), "-",
                    nullptr};
        const Interval& interval = ratio.value().interval;
        const char* const winner = interval.contains(1) ? "no detectable difference" : interval.high < 1 ? "io_uring" : "mio";
        return {aspect, median(pair->subject), median(pair->against), text_of(winner, ", ratio ", ratio_text(ratio.value())), "-",
                nullptr};
    }

    Aspect queue_time() {
        const auto cost = [&](const CellKey& cell) {
            if (!findings_.load.holds(with_variant(cell, cell.variant, Build::counted)))
                return document::absent("not counted under load in this run");
            return document::time(attribute(findings_.load, findings_.prices, cell).of(Expense::queue_operations));
        };
        const auto [uring, epoll] = load_cells(Build::timed);
        return {"Queue overhead, ns under load by attribution", cost(uring), cost(epoll), "-", "mio", nullptr};
    }

    // The copy that a provided buffer costs: by edge, as the ledger names it.
    Aspect provided_copies() {
        const auto copies = [&](const VariantName& variant) {
            const CellPair cells = findings_.measured.small_cells(variant, op);
            if (!cells.counted) return PerRequest(Absent{"not in this run"});
            return findings_.measured.figure(*cells.counted, Source::ledger, {"copies", "provided_to_accum"});
        };
        const PerRequest uring = copies(uring_), epoll = copies(epoll_);
        return {"Memory model: copies out of a provided buffer",
                document::cell(uring),
                document::cell(epoll),
                smaller(uring, epoll),
                "mio",
                "winner-memory_model"};
    }

    Aspect scalability() {
        const auto ratios = compare_along(findings_.load, uring_, epoll_, Axis::connections);
        const char* const aspect = "Scalability: CPU ns, fewest to most connections";
        if (ratios.empty()) {
            const Cell absent = document::absent("this run holds no sweep over connections");
            return {aspect, absent, absent, "not measured", "io_uring", "winner-scalability"};
        }
        const auto ends = [&](CellKey CpuRatio::*side) {
            std::vector<Text> both;
            for (const CpuRatio& each : {ratios.front(), ratios.back()}) {
                used_.insert(each.*side);
                both.push_back(text_of(shown(findings_.load.cpu_ns(each.*side)), fmt::format(" at {}", each.left.connections)));
            }
            return joined(both, ", ");
        };
        return {aspect,
                ends(&CpuRatio::left),
                ends(&CpuRatio::right),
                text_of(fmt::format("at {} connections: ", ratios.back().left.connections), smaller(ratios.back().ratio)),
                "io_uring",
                "winner-scalability"};
    }

    const CaseStudyFindings& findings_;
    const VariantName& uring_;
    const VariantName& epoll_;
    std::set<CellKey> used_;
};

}  // namespace

Section runtime_comparison(const CaseStudyFindings& findings) {
    Comparison comparison(findings);
    Table table{{"Aspect", "io_uring", "mio", "Winner", "Document's winner", "Verdict"}, {}};
    for (const Aspect& aspect : comparison.aspects())
        table.rows.push_back({aspect.name, aspect.uring, aspect.epoll, aspect.winner, aspect.claimed_winner,
                              aspect.claim == nullptr ? none() : claim_verdict(findings, aspect.claim)});
    Section section{"runtime-comparison-summary", "Runtime Comparison Summary"};
    section.summary = {
        Paragraph{text_of(
            "The reference document's seven aspects, GET hit of a small value per request: ",
            code(to_string(findings.reference.servers.at("io_uring"))), " against ",
            code(to_string(findings.reference.servers.at("mio"))),
            ". Counts are exact and the smaller wins. Times and counts under load are medians with 95 % intervals; there a "
            "winner needs an interval of the ratio, repetition by repetition, that leaves out 1. ",
            loopback_caveat)},
        table, Paragraph{"The document's numbers and winners, with the verdict on each:"},
        statements_of(findings, section.title)};
    comparison.add_marked(section);
    const chart::Chart chart = figures::cpu_over_value_size(findings);
    if (!chart.panels.empty()) section.summary.emplace_back(document::Figure{chart});
    return section;
}

}  // namespace tare::sections
