// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/attribution.h"
#include "analysis/model/count.h"
#include "analysis/model/sweep.h"
#include "analysis/report/markdown.h"
#include "analysis/report/sections/validity_flags.h"
#include "analysis/report/sections/winner.h"

namespace tare::sections {
namespace {

constexpr const char* op = "get_hit";

struct Line {
    const char* aspect;
    std::string uring;
    std::string epoll;
    std::string winner;
    const char* claimed_winner;
};

class Comparison {
public:
    explicit Comparison(const CaseStudyFindings& findings)
        : findings_(findings), uring_(findings.reference.servers.at("io_uring")), epoll_(findings.reference.servers.at("mio")) {}

    std::vector<Line> lines() {
        return {counted("Syscall count, lockstep", "syscalls", "io_uring"),
                calls_under_load(),
                system_time(),
                counted("Queue overhead, entries", "queue_ops", "mio"),
                queue_time(),
                provided_copies(),
                counted("Allocation count", "allocations", "Tie"),
                counted("Total copies", "data_copies", "mio"),
                scalability()};
    }
    std::string below() const { return marked_cells(findings_.load, used_) + notes_.text(); }

private:
    // Counts are exact: the smaller number wins, if the independent counters of both agree.
    Line counted(const char* aspect, const char* metric, const char* claimed_winner) {
        const Count uring = count_of(findings_.measured, uring_, op, metric);
        const Count epoll = count_of(findings_.measured, epoll_, op, metric);
        const bool disputed = !uring.agreed() || !epoll.agreed();
        return {aspect, notes_.shown(uring), notes_.shown(epoll),
                disputed ? "undecided: the independent counters disagree" : smaller(uring.total, epoll.total), claimed_winner};
    }

    static std::string smaller(const Figure& uring, const Figure& epoll) {
        if (!uring.present() || !epoll.present()) return "not measured";
        return uring.value() == epoll.value() ? "Tie" : uring.value() < epoll.value() ? "io_uring" : "mio";
    }

    // By the interval of io_uring's number over mio's.
    std::string smaller(const Sample& ratio) {
        if (!ratio.present()) return "not measured: " + notes_.shown_ratio(ratio);
        const Estimate estimate = ratio.ratio_estimate();
        return fmt::format("{}, ratio {}", verdict_on(estimate, "io_uring", "mio"), markdown::estimate(estimate));
    }

    // Small value, 64 connections, pipeline 1; the cells are noted as used.
    std::pair<CellKey, CellKey> load_cells(const std::string& build) {
        const std::optional<CellKey> cell = small_load_cell(findings_.load, uring_, 1);
        const CellKey base = cell ? *cell : CellKey{};
        std::pair pair(with_variant(base, uring_, build), with_variant(base, epoll_, build));
        if (build == "timed") used_.insert({pair.first, pair.second});
        return pair;
    }

    Line calls_under_load() {
        const auto [uring, epoll] = load_cells("counted");
        const Sample left = findings_.load.counted(uring, {"syscalls", ""}),
                     right = findings_.load.counted(epoll, {"syscalls", ""});
        return {"Syscall count, 64 connections", notes_.shown(left), notes_.shown(right),
                left.present() && right.present() ? fewer_calls(findings_.load, uring, epoll) : "not measured", "io_uring"};
    }

    Line system_time() {
        const auto [uring, epoll] = load_cells("timed");
        const auto system_ns = [&](const CellKey& cell) {
            return findings_.load.per_request(cell, "rusage", {"cpu_system_ns", ""});
        };
        return {"Syscall latency: CPU in the kernel, ns", notes_.shown(system_ns(uring)), notes_.shown(system_ns(epoll)),
                smaller(system_ns(uring) / system_ns(epoll)), "io_uring"};
    }

    Line queue_time() {
        const auto cost = [&](const CellKey& cell) {
            if (!findings_.load.holds(with_variant(cell, cell.variant, "counted")))
                return notes_.shown(Figure(Absent{"not counted under load in this run"}));
            return notes_.shown(attribute(findings_.load, findings_.prices, cell).of(Expense::queue_operations));
        };
        const auto [uring, epoll] = load_cells("timed");
        return {"Queue overhead, ns under load by attribution", cost(uring), cost(epoll), "-", "mio"};
    }

    // The copy that a provided buffer costs: by edge, as the ledger names it.
    Line provided_copies() {
        const auto copies = [&](const VariantName& variant) {
            const CellPair cells = findings_.measured.small_cells(variant, op);
            if (!cells.counted) return Figure(Absent{"not in this run"});
            return findings_.measured.figure(*cells.counted, "ledger", {"copies", "provided_to_accum"});
        };
        const Figure uring = copies(uring_), epoll = copies(epoll_);
        return {"Memory model: copies out of a provided buffer", notes_.shown(uring), notes_.shown(epoll), smaller(uring, epoll),
                "mio"};
    }

    Line scalability() {
        const auto ratios = compare_along(findings_.load, uring_, epoll_, Axis::connections);
        const char* const aspect = "Scalability: CPU ns, fewest to most connections";
        if (ratios.empty()) {
            const std::string absent = notes_.shown(Figure(Absent{"this run holds no sweep over connections"}));
            return {aspect, absent, absent, "not measured", "io_uring"};
        }
        const auto ends = [&](CellKey CpuRatio::*side) {
            std::string text;
            for (const CpuRatio& each : {ratios.front(), ratios.back()}) {
                used_.insert(each.*side);
                text += fmt::format("{}{} at {}", text.empty() ? "" : ", ", notes_.shown(findings_.load.cpu_ns(each.*side)),
                                    each.left.connections);
            }
            return text;
        };
        return {aspect, ends(&CpuRatio::left), ends(&CpuRatio::right),
                fmt::format("at {} connections: {}", ratios.back().left.connections, smaller(ratios.back().ratio)), "io_uring"};
    }

    const CaseStudyFindings& findings_;
    const VariantName& uring_;
    const VariantName& epoll_;
    markdown::Notes notes_{"runtime"};
    std::set<CellKey> used_;
};

}  // namespace

std::string runtime_comparison(const CaseStudyFindings& findings) {
    Comparison comparison(findings);
    std::vector<std::vector<std::string>> lines;
    for (const Line& line : comparison.lines())
        lines.push_back({line.aspect, line.uring, line.epoll, line.winner, line.claimed_winner});
    return fmt::format(
               "## Runtime Comparison Summary\n\nThe reference document's seven aspects, GET hit of a small value per request: "
               "{} against {}. "
               "Counts are exact and the smaller wins. Times and counts under load are medians with 95 % intervals; there a "
               "winner needs an interval of the ratio, repetition by repetition, that leaves out 1. {}\n\n",
               markdown::code(to_string(findings.reference.servers.at("io_uring"))),
               markdown::code(to_string(findings.reference.servers.at("mio"))), loopback_caveat) +
           markdown::table({"Aspect", "io_uring", "mio", "Winner", "Document's winner"}, lines) + comparison.below();
}

}  // namespace tare::sections
