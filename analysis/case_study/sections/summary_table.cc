// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <set>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"

namespace tare::sections {
namespace {

struct Category {
    const char* name;
    const char* metric;
    const char* claim;  // prefix of the claims' ids; the server's name follows
    const char* notes;
};

constexpr std::array<Category, 4> categories{{
    {"Syscalls", "syscalls", "summary-syscalls-", "calls entered, in lockstep"},
    {"Queue Ops", "queue_ops", "summary-queue_ops-", "SQEs submitted and CQEs posted"},
    {"Allocations", "allocations", "summary-allocations-", "calls of the malloc family"},
    {"Memcpy", "data_copies", "summary-memcpy-", "copies of a request, a value or a reply; not of key and header text"},
}};

constexpr std::array<const char*, 4> operations{"get_hit", "get_miss", "set", "set_noreply"};

Text measured_text(const CaseStudyFindings& findings, const VariantName& variant, const char* metric) {
    std::vector<Text> counts;
    counts.reserve(operations.size());
    for (const char* const op : operations) counts.push_back(shown(count_of(findings.measured, variant, op, metric)));
    return joined(counts, " / ");
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

Section summary_table(const CaseStudyFindings& findings) {
    Table table{{"Category", "io_uring claimed", "io_uring measured", "Verdict", "mio claimed", "mio measured", "Verdict",
                 "What is counted"},
                {}};
    Table no_op{{"Category", "io_uring no-op baseline", "epoll no-op baseline"}, {}};
    for (const Category& category : categories) {
        Row line{strong(category.name)};
        for (const char* const server : {"io_uring", "mio"}) {
            const std::string claim = std::string(category.claim) + server;
            line.emplace_back(findings.reference.named(claim).text);
            line.emplace_back(measured_text(findings, findings.reference.servers.at(server), category.metric));
            line.push_back(claim_verdict(findings, claim));
        }
        line.emplace_back(category.notes);
        table.rows.push_back(std::move(line));
        Row baseline{strong(category.name)};
        for (const char* const variant : baselines)
            baseline.emplace_back(measured_text(findings, parse_variant_name(variant), category.metric));
        no_op.rows.push_back(std::move(baseline));
    }
    return {
        "summary-table",
        "Summary Table (Per Request-Response)",
        {Paragraph{fmt::format("Measured: GET hit / GET miss / SET / SET noreply{}. A number in brackets is of an independent "
                               "counter that counted otherwise. A claim is judged by its parts, too.",
                               sizes(findings))},
         table},
        {Paragraph{"The no-op baseline answers a fixed reply without parsing: what the interface alone costs."}, no_op}};
}

}  // namespace tare::sections
