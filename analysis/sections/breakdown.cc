// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "analysis/count.h"
#include "analysis/markdown.h"
#include "analysis/sections/sections.h"

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
    const char* claim;  // part of the claim's id between operation and server; empty where the seed claims nothing
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

std::string small_table(const Findings& findings, const std::string& server, const Heading& heading, markdown::Notes& notes) {
    const VariantName& variant = findings.seed.servers.at(server);
    std::vector<std::vector<std::string>> lines;
    for (const Category& category : categories) {
        const Count count = count_of(findings.measured, variant, heading.op, category.metric);
        const std::string claimed =
            *category.claim == '\0' ? "-" : findings.seed.named(fmt::format("{}-{}-{}", heading.op, category.claim, server)).text;
        lines.push_back({category.name, claimed, notes.shown(count.total), listed(count.parts, notes)});
    }
    return markdown::table({"Category", "Claimed", "Measured", "Details"}, lines);
}

// The large value as it was counted: in pieces, whose number need be no whole multiple of the requests.
std::string large_table(const Findings& findings, const std::string& server, const char* op, markdown::Notes& notes) {
    const VariantName& variant = findings.seed.servers.at(server);
    const auto cell = findings.measured.large_cell(variant, "counted", op);
    const auto small = findings.measured.small_cell(variant, "counted", op);
    if (!cell || cell->value_bytes == small->value_bytes) return "";
    std::vector<std::vector<std::string>> lines;
    const auto line = [&](const char* category, const char* source, const char* metric) {
        lines.push_back({category, notes.shown(findings.measured.figure(*cell, source, {metric, ""})),
                         listed(findings.measured.parts(*cell, source, metric), notes)});
    };
    line("Syscalls", "bpf", "syscalls");
    line("SQEs", "bpf", "sqes");
    line("CQEs", "bpf", "cqes");
    line("Allocations", "ledger", "allocations");
    line("Copies", "ledger", "copies");
    line("Copied bytes", "ledger", "copied_bytes");
    line("Bytes through the socket", "bpf", "kernel_copied_bytes");
    return fmt::format("With a value of {} bytes:\n\n", cell->value_bytes) +
           markdown::table({"Category", "Measured", "Details"}, lines);
}

}  // namespace

std::string breakdown(const Findings& findings) {
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
