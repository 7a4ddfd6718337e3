// SPDX-License-Identifier: Apache-2.0
// The counters that the suite names: what each server called of their functions for a request, sent alone.
#include <fmt/format.h>

#include "analysis/report/sections/sections.h"

namespace tare::sections {
namespace {

Cell with_parts(const Measurements& measured, const CellKey& cell, const std::string& counter) {
    std::vector<Text> parts;
    for (const auto& [name, figure] : measured.parts(cell, Source::bpf, counter))
        parts.push_back(text_of(code(name), " ", shown(figure)));
    Cell total = document::cell(measured.figure(cell, Source::bpf, {counter, ""}));
    if (!parts.empty()) total.content += text_of(": ", joined(parts, ", "));
    return total;
}

Text counted_by(const nlohmann::json& counter) {
    if (counter.contains("usdt")) return text_of("USDT probe ", code(counter.at("usdt").get<std::string>()));
    std::vector<Text> functions;
    for (const auto& function : counter.value("functions", nlohmann::json::array()))
        functions.emplace_back(code(function.get<std::string>()));
    return text_of("calls of ", joined(functions, ", "));
}

}  // namespace

Section user_counters(const Findings& findings) {
    Section section{"counters-of-this-suite", "Counters of This Suite"};
    const nlohmann::json counters = findings.run.environment.value("counters", nlohmann::json::object());
    if (counters.empty()) return section;
    List list;
    Table table{{"Server", "Operation", "Value bytes"}, {}};
    for (const auto& [name, counter] : counters.items()) {
        list.items.push_back(text_of(code(name), ": ", counted_by(counter)));
        table.header.emplace_back(code(name));
    }
    for (const CellKey& cell : findings.measured.cells()) {
        if (cell.mode != Mode::lockstep || cell.kind != Kind::request) continue;
        Row row{code(fmt::format("{} {}", to_string(cell.variant), name_of(cell.build))), code(cell.op),
                document::count(cell.value_bytes)};
        for (const auto& [name, counter] : counters.items()) row.push_back(with_parts(findings.measured, cell, name));
        table.rows.push_back(std::move(row));
    }
    section.summary = {
        Paragraph{"For one request, sent alone, as BPF counted it. A call that a compiler put into the place it was made "
                  "from (inlined) is not seen."},
        list, table};
    return section;
}

}  // namespace tare::sections
