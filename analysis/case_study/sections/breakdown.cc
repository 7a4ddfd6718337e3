// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"

namespace tare::sections {
namespace {

struct Operation {
    const char* op;
    const char* title;
};

constexpr std::array<Operation, 4> operations{{{"get_hit", "GET (Small Value, Cache Hit)"},
                                               {"get_miss", "GET (Cache Miss)"},
                                               {"set_noreply", "SET (with noreply)"},
                                               {"set", "SET (with reply)"}}};

struct Category {
    const char* name;
    const char* metric;
    const char* claim;  // part of the claim's id between operation and server; empty where the reference document claims nothing
};

constexpr std::array<Category, 6> categories{{{"Syscalls", "syscalls", "syscalls"},
                                              {"Queue Ops", "queue_ops", "queue_ops"},
                                              {"Allocations", "allocations", "allocations"},
                                              {"Memcpy", "data_copies", "memcpy"},
                                              {"Memcpy of key and header text", "text_copies", ""},
                                              {"Copies of the value itself", "value_copies", ""}}};

Text listed(const std::map<std::string, PerRequest>& parts) {
    std::vector<Text> all;
    all.reserve(parts.size());
    for (const auto& [part, figure] : parts) all.push_back(text_of(code(part), " ", shown(figure)));
    return joined(all, ", ");
}

// A slope has no size of its own, but the two that it was taken between.
std::string category_text(const Category& category, const CellPair& small, const CellPair& large) {
    if (std::string_view(category.metric) != "value_copies" || !small.counted || !large.counted) return category.name;
    return fmt::format("{}, slope from {} to {} bytes", category.name, small.counted->value_bytes, large.counted->value_bytes);
}

std::string claim_of(const Category& category, const std::string& op, const std::string& server) {
    return fmt::format("{}-{}-{}", op, category.claim, server);
}

Cell claimed(const CaseStudyFindings& findings, const std::string& op, const Category& category, const std::string& server) {
    if (*category.claim == '\0') return none();
    return findings.reference.named(claim_of(category, op, server)).text;
}

// Both servers side by side.
Table totals(const CaseStudyFindings& findings, const std::string& op) {
    Table table{{"Category", "io_uring claimed", "io_uring measured", "Verdict", "mio claimed", "mio measured", "Verdict"}, {}};
    for (const Category& category : categories) {
        Row row{category.name};
        for (const char* const server : {"io_uring", "mio"}) {
            row.push_back(claimed(findings, op, category, server));
            row.push_back(
                document::cell(count_of(findings.measured, findings.reference.servers.at(server), op, category.metric)));
            row.push_back(claim_verdict(findings, claim_of(category, op, server)));
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

void add_small(Blocks& blocks, const CaseStudyFindings& findings, const std::string& server, const std::string& op) {
    const VariantName& variant = findings.reference.servers.at(server);
    const CellPair small = findings.measured.small_cells(variant, op);
    const CellPair large = findings.measured.large_cells(variant, op);
    Table table{{"Category", "Claimed", "Measured", "Details"}, {}};
    for (const Category& category : categories) {
        const Count count = count_of(findings.measured, variant, op, category.metric);
        table.rows.push_back({category_text(category, small, large), claimed(findings, op, category, server),
                              document::cell(count), listed(count.parts)});
    }
    if (small.any()) blocks.emplace_back(Paragraph{fmt::format("With {}:", sizes_of(small.either()))});
    blocks.emplace_back(table);
}

struct LargeCategory {
    const char* name;
    const char* metric;
};

constexpr std::array<LargeCategory, 7> large_categories{{{"Syscalls", "syscalls"},
                                                         {"SQEs", "sqes"},
                                                         {"CQEs", "cqes"},
                                                         {"Allocations", "allocations"},
                                                         {"Copies", "copies"},
                                                         {"Copied bytes", "copied_bytes"},
                                                         {"Bytes through the socket", "kernel_copied_bytes"}}};

// The two builds receive a large value in pieces of their own: the timed one is asked only where the other cannot tell.
Count large_count(const Measurements& measured, const CellPair& cells, const char* metric) {
    Count counted = count_of(measured, CellPair{cells.counted, std::nullopt}, metric);
    if (counted.total.present()) return counted;
    Count timed = count_of(measured, CellPair{std::nullopt, cells.timed}, metric);
    return timed.total.present() ? timed : counted;
}

// The large value as it was counted: in pieces, whose number need be no whole multiple of the requests.
void add_large(Blocks& blocks, const CaseStudyFindings& findings, const std::string& server, const std::string& op) {
    const CellPair cells = findings.measured.large_cells(findings.reference.servers.at(server), op);
    if (!cells.any()) return;
    Table table{{"Category", "Measured", "Details"}, {}};
    for (const LargeCategory& category : large_categories) {
        const Count count = large_count(findings.measured, cells, category.metric);
        table.rows.push_back({category.name, document::cell(count), listed(count.parts)});
    }
    blocks.insert(blocks.end(), {Paragraph{fmt::format("With {}:", sizes_of(cells.either()))}, table});
}

}  // namespace

Section breakdown(const CaseStudyFindings& findings) {
    Section section{"breakdown-by-operation", "Breakdown by Operation"};
    section.summary = {Paragraph{"Of a small value; the parts of each number, and a large value, are in the details."}};
    for (const Operation& operation : operations) {
        section.summary.insert(section.summary.end(), {Heading{3, operation.title}, totals(findings, operation.op)});
        section.details.emplace_back(Heading{3, text_of(operation.title, ", by part")});
        for (const std::string server : {"io_uring", "mio"}) {
            section.details.emplace_back(Heading{4, server});
            add_small(section.details, findings, server, operation.op);
            add_large(section.details, findings, server, operation.op);
        }
    }
    return section;
}

}  // namespace tare::sections
