// SPDX-License-Identifier: Apache-2.0
// The few sentences that a person would pick out of all the tables; each is computed, and left out where there is nothing to say.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analysis/model/idle_activity.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

constexpr std::size_t named_max = 3;  // servers or reasons in one sentence
constexpr double ms_per_s = 1000;

using Request = std::tuple<std::string, std::uint64_t, std::uint64_t>;  // op, value_bytes, key_bytes

// Those with a number, by it; the first of equal ones is the first of the run.
using Ranking = std::vector<std::pair<Text, double>>;

void sort(Ranking& ranking) {
    std::stable_sort(ranking.begin(), ranking.end(),
                     [](const auto& left, const auto& right) { return left.second < right.second; });
}

bool is_asked_alone(const CellKey& cell) {
    return cell.mode == Mode::lockstep && cell.pipeline == 1 && cell.build != Build::timed && cell.variant.server != "null" &&
           !is_idle_activity(cell);
}

// The requests that external servers were asked, else all, each with the cells of every server.
std::map<Request, std::vector<CellKey>> requests_of(const Measurements& measured) {
    std::map<Request, std::vector<CellKey>> all, external;
    for (const CellKey& cell : measured.cells()) {
        if (is_asked_alone(cell)) all[{cell.op, cell.value_bytes, cell.key_bytes}].push_back(cell);
    }
    for (const auto& [request, cells] : all) {
        if (std::any_of(cells.begin(), cells.end(), [](const CellKey& cell) { return cell.build == Build::external; }))
            external[request] = cells;
    }
    return external.empty() ? all : external;
}

// "2 with a, 3 with b".
Text ends_of(const Ranking& ranking) {
    return text_of(count_text(ranking.front().second), " with ", ranking.front().first, " to ", count_text(ranking.back().second),
                   " with ", ranking.back().first);
}

// Fewest and most system calls and allocations of one request.
void add_counts(List& list, const Findings& findings) {
    std::set<std::string> operations;  // each with its smallest value, which comes first
    for (const auto& [request, cells] : requests_of(findings.measured)) {
        if (!operations.insert(std::get<0>(request)).second) continue;
        std::vector<Text> spans;
        for (const auto& [metric, name] : {std::pair{"syscalls", "system call"}, {"allocations", "allocation"}}) {
            Ranking ranking;
            for (const CellKey& cell : cells) {
                const PerRequest figure = findings.measured.figure(cell, Source::bpf, {metric, ""});
                if (figure.present()) ranking.emplace_back(code(to_string(cell.variant)), figure.value());
            }
            sort(ranking);
            if (ranking.size() > 1 && ranking.front().second < ranking.back().second)
                spans.push_back(text_of(name, "s from ", ends_of(ranking)));
            else if (!ranking.empty())
                spans.push_back(text_of(count_text(ranking.front().second), " ", name, ranking.front().second == 1 ? "" : "s",
                                        ranking.size() > 1 ? " each" : ""));
        }
        if (!spans.empty())
            list.items.push_back(text_of(code(std::get<0>(request)), fmt::format(" of {} bytes: ", std::get<1>(request)),
                                         joined(spans, "; "), "."));
        if (list.items.size() == named_max + 1) return;
    }
}

// Servers that were asked in turn: those that take surely more or less than the one they are held against.
void add_contrasts(List& list, const std::vector<ContrastFinding>& contrasts) {
    std::size_t sure = 0, open = 0, absent = 0;
    for (const ContrastFinding& finding : contrasts) {
        for (const ContrastSubject& subject : finding.ratios.subjects()) {
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, ContrastMetric::server_cpu);
            if (subject.role != ContrastRole::other) continue;
            if (!ratio.present()) ++absent;
            if (ratio.present() && ratio.value().interval.contains(1)) ++open;
            if (!ratio.present() || ratio.value().interval.contains(1)) continue;
            if (++sure > named_max) continue;
            list.items.push_back(text_of(finding.name, ": ", code(subject.name), " takes ", ratio_text(ratio.value()), " times ",
                                         code(finding.first().name), "'s CPU time a request."));
        }
    }
    if (sure > named_max) list.items.emplace_back(fmt::format("{} more such ratios leave out 1.", sure - named_max));
    if (open > 0)
        list.items.emplace_back(fmt::format("Of {} held against another in turn, no difference was detected in {}.",
                                            document::counted(sure + open, "server", "servers"), open));
    if (absent > 0)
        list.items.emplace_back(fmt::format("Held against another in turn, without a ratio: {}; the details say why.",
                                            document::counted(absent, "server", "servers")));
}

// Servers that are told apart by their CPU time under load, of the workload that most of them share.
void add_cpu(List& list, const LoadMeasurements& load) {
    std::map<CellKey, std::vector<CellKey>> workloads;
    for (const CellKey& cell : load.timed_cells()) {
        if (cell.variant.server != "null" && load.cpu_ns(cell).present())
            workloads[with_variant(cell, {}, Build::timed)].push_back(cell);
    }
    const auto most = std::max_element(workloads.begin(), workloads.end(), [](const auto& left, const auto& right) {
        return left.second.size() < right.second.size();
    });
    if (most == workloads.end() || most->second.size() < 2) return;
    const auto by_cpu = [&](const CellKey& left, const CellKey& right) {
        return load.cpu_ns(left).estimate().value < load.cpu_ns(right).estimate().value;
    };
    const auto [least, dearest] = std::minmax_element(most->second.begin(), most->second.end(), by_cpu);
    const Estimate low = load.cpu_ns(*least).estimate(), high = load.cpu_ns(*dearest).estimate();
    if (!low.interval || !high.interval || low.high >= high.low) return;
    list.items.push_back(text_of(fmt::format("CPU time of a {} at {} connections: from {} ns with ", least->op,
                                             least->connections, document::number(low.value)),
                                 code(to_string(least->variant)), fmt::format(" to {} ns with ", document::number(high.value)),
                                 code(to_string(dearest->variant)), "."));
}

// Calls that brought no request further.
void add_wasted(List& list, const Findings& findings) {
    std::vector<Text> wasted;
    for (const auto& [request, cells] : requests_of(findings.measured)) {
        for (const CellKey& cell : cells) {
            for (const auto& [metric, name] : {std::pair{"syscalls_eagain", "EAGAIN"}, {"syscalls_zero", "moved nothing"}}) {
                const PerRequest figure = findings.measured.figure(cell, Source::bpf, {metric, ""});
                if (figure.present() && figure.value() > 0)
                    wasted.push_back(text_of(code(to_string(cell.variant)), " ", count_text(figure.value()), " a ", code(cell.op),
                                             " (", name, ")"));
            }
        }
    }
    if (wasted.empty()) return;
    const std::size_t more = wasted.size() > named_max ? wasted.size() - named_max : 0;
    wasted.resize(wasted.size() - more);
    list.items.push_back(
        text_of("Calls for nothing: ", joined(wasted, "; "), more > 0 ? fmt::format("; and {} more.", more) : std::string(".")));
}

// What servers do unasked.
void add_idle(List& list, const Measurements& measured) {
    Ranking ranking;
    for (const CellKey& cell : measured.cells()) {
        if (cell.kind != Kind::idle) continue;
        const PerRequest figure = measured.figure(cell, Source::bpf, {"syscalls", ""});
        if (figure.present() && figure.value() > 0)
            ranking.emplace_back(code(to_string(cell.variant)), figure.value() * ms_per_s);
    }
    if (ranking.empty()) return;
    sort(ranking);
    list.items.push_back(text_of("Unasked, ", ranking.back().first,
                                 fmt::format(" makes {} system calls a second.", document::number(ranking.back().second))));
}

// Times that something disturbed.
void add_doubtful(List& list, const LoadMeasurements& load) {
    std::map<std::string, std::size_t> cells_by_mark;
    std::size_t doubtful = 0;
    for (const CellKey& cell : load.timed_cells()) {
        const auto marks = load.marks(cell);
        doubtful += marks.empty() ? 0 : 1;
        for (const auto& [mark, repetitions] : marks) ++cells_by_mark[mark];
    }
    if (doubtful == 0) return;
    std::vector<Text> marks;
    marks.reserve(cells_by_mark.size());
    for (const auto& [mark, count] : cells_by_mark) marks.push_back(text_of(mark, fmt::format(" in {}", count)));
    list.items.push_back(text_of(fmt::format("Some repetitions have doubtful times in {} of {} under load: ", doubtful,
                                             document::counted(load.timed_cells().size(), "cell", "cells")),
                                 joined(marks, ", "), "."));
}

// Probes that counted nothing, and servers that were not there.
void add_missing(List& list, const Findings& findings) {
    std::map<std::string, std::set<std::string>> probes_by_reason;
    const nlohmann::json probes = findings.run.environment.value("probes", nlohmann::json::array());
    for (const nlohmann::json& probe : probes.is_array() ? probes : nlohmann::json::array()) {
        if (!probe.is_object() || !probe.contains("status") || !probe["status"].is_string()) continue;
        const std::string status = probe["status"];
        if (status.starts_with("absent:")) probes_by_reason[status.substr(7)].insert(probe.value("name", ""));
    }
    for (const auto& [reason, names] : probes_by_reason) {
        std::vector<Text> all;
        for (const std::string& name : names) all.emplace_back(code(name));
        list.items.push_back(text_of("Not counted by ", joined(all, ", "), ": ", reason));
    }
    std::map<std::string, std::pair<bool, std::string>> servers;  // whether anything was measured, and a reason
    for (const Observation& seen : findings.run.observations) {
        auto& [any, reason] = servers[to_string(seen.cell.variant)];
        if (!seen.reading.present())
            reason = seen.reading.reason();
        else if (seen.source != Source::prediction)
            any = true;
    }
    std::size_t missing = 0;
    for (const auto& [server, state] : servers) {
        if (!state.first && ++missing <= named_max)
            list.items.push_back(text_of(code(server), " was not measured: ", state.second));
    }
    if (missing > named_max) list.items.emplace_back(fmt::format("{} more servers were not measured.", missing - named_max));
}

}  // namespace

Section what_stands_out(const Findings& findings) {
    List list;
    add_counts(list, findings);
    if (findings.contrasts.empty())
        add_cpu(list, findings.load);
    else
        add_contrasts(list, findings.contrasts);
    add_wasted(list, findings);
    add_idle(list, findings.measured);
    add_doubtful(list, findings.load);
    add_missing(list, findings);
    Section section{"what-stands-out", "What stands out"};
    if (!list.items.empty()) section.summary = {list};
    return section;
}

}  // namespace tare::sections
