// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

struct Row {
    const char* category;
    const char* metric;
    const char* claim;  // prefix of the claims' ids; the server's name follows
    const char* notes;
};

constexpr std::array<Row, 4> rows{{
    {"**Syscalls**", "syscalls", "summary-syscalls-", "calls entered, in lockstep"},
    {"**Queue Ops**", "queue_ops", "summary-queue_ops-", "SQEs submitted and CQEs posted"},
    {"**Allocations**", "allocations", "summary-allocations-", "calls of the malloc family"},
    {"**Memcpy**", "data_copies", "summary-memcpy-", "copies of a request, a value or a reply; not of key and header text"},
}};

constexpr std::array<const char*, 4> operations{"get_hit", "get_miss", "set", "set_noreply"};

std::string measured_text(const CaseStudyFindings& findings, const VariantName& variant, const char* metric,
                          markdown::Notes& notes) {
    std::string text;
    for (const char* const op : operations)
        text += (text.empty() ? "" : " / ") + notes.shown(count_of(findings.measured, variant, op, metric));
    return text;
}

constexpr std::array<const char*, 2> baselines{"null/uring_oneshot/fixed_reply", "null/epoll_level/fixed_reply"};

// Of every cell that the table speaks of: one pair of sizes, unless the run has no common one.
std::string sizes(const CaseStudyFindings& findings) {
    std::vector<VariantName> variants{findings.reference.servers.at("io_uring"), findings.reference.servers.at("mio")};
    for (const char* const baseline : baselines) variants.push_back(parse_variant_name(baseline));
    std::set<std::string> texts;
    for (const VariantName& variant : variants) {
        for (const char* const op : operations) {
            const CellPair cells = findings.measured.small_cells(variant, op);
            if (cells.any()) texts.insert(sizes_of(cells.either()));
        }
    }
    return texts.empty() ? "" : fmt::format(", with {}", fmt::join(texts, "; or with "));
}

}  // namespace

std::string summary_table(const CaseStudyFindings& findings) {
    markdown::Notes notes("summary");
    std::vector<std::vector<std::string>> lines;
    for (const Row& row : rows) {
        std::vector<std::string> line{row.category};
        for (const char* const server : {"io_uring", "mio"}) {
            line.push_back(findings.reference.named(std::string(row.claim) + server).text);
            line.push_back(measured_text(findings, findings.reference.servers.at(server), row.metric, notes));
        }
        for (const char* const baseline : baselines)
            line.push_back(measured_text(findings, parse_variant_name(baseline), row.metric, notes));
        line.emplace_back(row.notes);
        lines.push_back(line);
    }
    return fmt::format(
               "## Summary Table (Per Request-Response)\n\nMeasured: GET hit / GET miss / SET / SET noreply{}. A number in "
               "brackets is of an independent counter that counted otherwise. The no-op baseline answers a fixed reply without "
               "parsing.\n\n",
               sizes(findings)) +
           markdown::table({"Category", "io_uring claimed", "io_uring measured", "mio claimed", "mio measured",
                            "io_uring no-op baseline", "epoll no-op baseline", "Notes"},
                           lines) +
           notes.text();
}

}  // namespace tare::sections
