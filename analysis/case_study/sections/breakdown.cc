// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/case_study/sections/sections.h"
#include "analysis/model/count.h"
#include "analysis/report/markdown.h"

namespace tare::sections {
namespace {

struct Heading {
    const char* op;
    const char* title;
};

constexpr std::array<Heading, 4> operations{{{"get_hit", "GET (Small Value, Cache Hit)"},
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

std::string listed(const std::map<std::string, Figure>& parts, markdown::Notes& notes) {
    std::string text;
    for (const auto& [part, figure] : parts)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", markdown::code(part), notes.shown(figure));
    return text;
}

// A slope has no size of its own, but the two that it was taken between.
std::string category_text(const Category& category, const CellPair& small, const CellPair& large) {
    if (std::string_view(category.metric) != "value_copies" || !small.counted || !large.counted) return category.name;
    return fmt::format("{}, slope from {} to {} bytes", category.name, small.counted->value_bytes, large.counted->value_bytes);
}

std::string small_table(const CaseStudyFindings& findings, const std::string& server, const Heading& heading,
                        markdown::Notes& notes) {
    const VariantName& variant = findings.reference.servers.at(server);
    const CellPair small = findings.measured.small_cells(variant, heading.op);
    const CellPair large = findings.measured.large_cells(variant, heading.op);
    std::vector<std::vector<std::string>> lines;
    for (const Category& category : categories) {
        const Count count = count_of(findings.measured, variant, heading.op, category.metric);
        const std::string claimed =
            *category.claim == '\0' ? "-"
                                    : findings.reference.named(fmt::format("{}-{}-{}", heading.op, category.claim, server)).text;
        lines.push_back({category_text(category, small, large), claimed, notes.shown(count), listed(count.parts, notes)});
    }
    return (small.any() ? fmt::format("With {}:\n\n", sizes_of(small.either())) : "") +
           markdown::table({"Category", "Claimed", "Measured", "Details"}, lines);
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
std::string large_table(const CaseStudyFindings& findings, const std::string& server, const char* op, markdown::Notes& notes) {
    const CellPair cells = findings.measured.large_cells(findings.reference.servers.at(server), op);
    if (!cells.any()) return "";
    std::vector<std::vector<std::string>> lines;
    for (const LargeCategory& category : large_categories) {
        const Count count = large_count(findings.measured, cells, category.metric);
        lines.push_back({category.name, notes.shown(count), listed(count.parts, notes)});
    }
    return fmt::format("With {}:\n\n", sizes_of(cells.either())) + markdown::table({"Category", "Measured", "Details"}, lines);
}

}  // namespace

std::string breakdown(const CaseStudyFindings& findings) {
    std::string text = "## Breakdown by Operation\n\n";
    for (const Heading& heading : operations) {
        text += fmt::format("### {}\n\n", heading.title);
        for (const std::string server : {"io_uring", "mio"}) {
            markdown::Notes notes(fmt::format("{}-{}", heading.op, server));
            text += fmt::format("#### {}\n\n", server);
            text += small_table(findings, server, heading, notes);
            text += large_table(findings, server, heading.op, notes);
            text += notes.text();
        }
    }
    return text;
}

}  // namespace tare::sections
