// SPDX-License-Identifier: Apache-2.0
// The reference document's last paragraph, held against the run. Every sentence is computed, and says so where it cannot be.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/model/ideals.h"
#include "analysis/model/sweep.h"
#include "analysis/report/sections/validity_flags.h"
#include "analysis/report/sections/winner.h"

namespace tare::sections {
namespace {

// An io_uring server and the epoll server that it is held against.
struct Pair {
    const char* name;
    VariantName uring;
    VariantName epoll;
};

std::string absent(const std::string& what, const std::string& reason) { return fmt::format("{}: absent, {}.", what, reason); }

std::string lockstep_calls(const CaseStudyFindings& findings, const Pair& pair) {
    const Count uring = count_of(findings.measured, pair.uring, "get_hit", "syscalls");
    const Count epoll = count_of(findings.measured, pair.epoll, "get_hit", "syscalls");
    const std::string what = fmt::format("System calls of a GET hit in lockstep, {}", pair.name);
    for (const Count* const count : {&uring, &epoll}) {
        if (!count->total.present()) return absent(what, count->total.reason());
        if (!count->agreed()) return absent(what, "the independent counters disagree: " + count->counters);
    }
    const double apart = uring.total.value() - epoll.total.value();
    return fmt::format("{}: {} with io_uring, {} with mio. {}.", what, count_text(uring.total.value()),
                       count_text(epoll.total.value()),
                       apart < 0   ? "io_uring wins"
                       : apart > 0 ? "mio wins"
                                   : "Neither wins");
}

std::string load_calls(const CaseStudyFindings& findings, const Pair& pair, std::uint64_t pipeline) {
    const std::string what = fmt::format("System calls at 64 connections, pipeline {}, {}", pipeline, pair.name);
    const std::optional<CellKey> cell = small_load_cell(findings.load, pair.uring, pipeline);
    if (!cell) return absent(what, "this run does not hold it");
    const CellKey uring_cell = with_variant(*cell, pair.uring, Build::counted),
                  epoll_cell = with_variant(*cell, pair.epoll, Build::counted);
    const Sample uring = findings.load.counted(uring_cell, {"syscalls", ""});
    const Sample epoll = findings.load.counted(epoll_cell, {"syscalls", ""});
    for (const Sample* const sample : {&uring, &epoll}) {
        if (!sample->present()) return absent(what, sample->reason());
    }
    return fmt::format("{}: {} a request with io_uring, {} with mio. Fewer: {}.", what, document::estimate(uring.estimate()),
                       document::estimate(epoll.estimate()), fewer_calls(findings.load, uring_cell, epoll_cell));
}

std::string small_values(const CaseStudyFindings& findings, const Pair& pair, std::uint64_t pipeline, std::set<CellKey>& used) {
    const std::string what = fmt::format("CPU for small values at 64 connections, pipeline {}, {}", pipeline, pair.name);
    const std::optional<CellKey> cell = small_load_cell(findings.load, pair.uring, pipeline);
    if (!cell) return absent(what, "this run does not hold it");
    const CpuRatio cpu = compare_cpu(findings.load, *cell, pair.epoll);
    if (!cpu.ratio.present()) return absent(what, cpu.ratio.reason());
    used.insert({cpu.left, cpu.right});
    const Estimate ratio = cpu.ratio.ratio_estimate();
    return fmt::format("{}: io_uring takes {} times what mio takes: {}.", what, document::estimate(ratio),
                       verdict_on(ratio, "its batching dominates", "its batching does not dominate, mio is the cheaper"));
}

std::string crossings_text(const Crossover& crossover, const char* unit) {
    std::string text;
    for (const Crossing& crossing : crossover.crossings)
        text += fmt::format(" The ratio crosses 1 at about {} {}, between {:.0f} and {:.0f}: from there on {} is the cheaper.",
                            document::number(crossing.x), unit, crossing.low, crossing.high, crossing.rises ? "mio" : "io_uring");
    if (crossover.crossings.empty()) text += " There is no crossover in the range measured.";
    const auto named = [&](const std::vector<std::uint64_t>& at, const char* who) {
        if (!at.empty()) text += fmt::format(" {} at {} {}.", who, fmt::join(at, ", "), unit);
    };
    named(crossover.below, "io_uring is the cheaper");
    named(crossover.above, "mio is the cheaper");
    named(crossover.undecided, "No detectable difference");
    return text;
}

std::string along_axis(const CaseStudyFindings& findings, const Pair& pair, Axis axis, std::set<CellKey>& used) {
    const bool sizes = axis == Axis::value_bytes;
    const std::string what =
        fmt::format("CPU over {}, {}", sizes ? "the size of the value" : "the number of connections", pair.name);
    const auto ratios = compare_along(findings.load, pair.uring, pair.epoll, axis);
    const RatioPoints points = ratio_points(ratios, axis);
    if (ratios.empty()) return absent(what, "this run holds no such sweep");
    if (points.empty()) return absent(what, ratios.front().ratio.reason());
    for (const CpuRatio& each : ratios) used.insert({each.left, each.right});
    const auto& [last, ratio] = points.back();
    std::string text = fmt::format("{}, {} to {}: at {} io_uring takes {} times what mio takes: {}.", what, points.front().first,
                                   last, last, document::estimate(ratio), verdict_on(ratio, "cheaper there", "dearer there"));
    const bool few = std::any_of(points.begin(), points.end(), [](const auto& point) { return !point.second.interval; });
    text += few ? " Too few repetitions for a crossover." : crossings_text(crossover_of(points), sizes ? "bytes" : "connections");
    if (points.size() < ratios.size())
        text += fmt::format(" {} of {} points are absent.", ratios.size() - points.size(), ratios.size());
    return text;
}

// Whether what io_uring copies more is the value: the slope over the value's size, in lockstep.
std::string extra_copy(const CaseStudyFindings& findings, const Pair& pair, const char* op) {
    const std::string what = fmt::format("Copies of the value itself, {}, {}", op, pair.name);
    const Count uring = count_of(findings.measured, pair.uring, op, "value_copies");
    const Count epoll = count_of(findings.measured, pair.epoll, op, "value_copies");
    for (const Count* const count : {&uring, &epoll}) {
        if (!count->total.present()) return absent(what, count->total.reason());
    }
    const double more = uring.total.value() - epoll.total.value();
    constexpr double slope_digits = 0.005;  // sizes leave their own digits in a slope
    return fmt::format("{}: {} with io_uring, {} with mio. {}.", what, count_text(uring.total.value()),
                       count_text(epoll.total.value()),
                       more > slope_digits    ? "io_uring copies it more often"
                       : more < -slope_digits ? "mio copies it more often"
                                              : "There is no extra copy of the value to hurt");
}

}  // namespace

Section conclusion(const CaseStudyFindings& findings) {
    const auto& [ring, readiness] = ideals();
    const std::array<Pair, 2> pairs{
        {{"as described", ring.described, readiness.described}, {"ideals", ring.ideal, readiness.ideal}}};
    List list;
    for (const char* const id :
         {"conclusion-syscalls", "conclusion-copies", "conclusion-small_values", "conclusion-large_values"})
        list.items.push_back(text_of("\"", findings.reference.named(id).text, "\": ", claim_verdict(findings, id).content, "."));
    std::set<CellKey> used;
    for (const Pair& pair : pairs) list.items.emplace_back(lockstep_calls(findings, pair));
    for (const char* const op : {"get_hit", "set"}) list.items.emplace_back(extra_copy(findings, pairs[0], op));
    Section section{"conclusion", "Conclusion"};
    section.summary = {
        Paragraph{"The reference document: io_uring wins on system calls; for small values its batching dominates; for "
                  "large ones the extra copy hurts. This run:"}};
    if (findings.load.cells().empty()) {
        list.items.emplace_back("Under load: absent, this run holds no load.");
        section.summary.emplace_back(list);
        return section;
    }
    for (const Pair& pair : pairs) {
        for (const std::uint64_t pipeline : {1, 16}) list.items.emplace_back(load_calls(findings, pair, pipeline));
        for (const std::uint64_t pipeline : {1, 16}) list.items.emplace_back(small_values(findings, pair, pipeline, used));
        for (const Axis axis : {Axis::value_bytes, Axis::connections})
            list.items.emplace_back(along_axis(findings, pair, axis, used));
    }
    section.summary.insert(section.summary.end(), {list, Paragraph{loopback_caveat}});
    add_marked_cells(section, findings.load, used);
    return section;
}

}  // namespace tare::sections
