// SPDX-License-Identifier: Apache-2.0
#include "run/cell.h"

#include <fmt/format.h>

#include "core/error.h"
#include "run/field.h"

namespace tare {
namespace {

// A build of somebody else's is `external` in this program and `foreign` in the files, whose words do not change with ours:
// scripts of users read them.
constexpr std::array<std::string_view, 3> build_fields{"counted", "foreign", "timed"};

}  // namespace

std::string to_string(const VariantName& variant) {
    if (variant.wiring.empty()) return variant.server;
    return variant.server + "/" + variant.wiring + "/" + variant.rung;
}

VariantName parse_variant_name(std::string_view text) {
    const auto first = text.find('/');
    if (first == std::string_view::npos && !text.empty()) return {std::string(text), "", ""};
    const auto second = text.find('/', first + 1);
    const bool three = first != std::string_view::npos && second != std::string_view::npos &&
                       text.find('/', second + 1) == std::string_view::npos;
    VariantName name;
    if (three)
        name = {std::string(text.substr(0, first)), std::string(text.substr(first + 1, second - first - 1)),
                std::string(text.substr(second + 1))};
    if (name.server.empty() || name.wiring.empty() || name.rung.empty()) {
        throw usage_error("'" + std::string(text) + "' is no variant: expected SERVER/WIRING/RUNG");
    }
    return name;
}

std::string name_of(const CellKey& cell) {
    if (cell.kind == Kind::command)
        return fmt::format("{} command{}", to_string(cell.variant), cell.mode == Mode::load ? " timed" : "");
    std::string name = fmt::format("{} {}", to_string(cell.variant), name_of(cell.build));
    if (!cell.op.empty()) name += " " + cell.op;
    if (cell.kind == Kind::idle || cell.kind == Kind::background) name += fmt::format(" {}", name_of(cell.kind));
    if (cell.kind == Kind::request || cell.kind == Kind::background) {
        name += fmt::format(" {} {}", cell.key_bytes, cell.value_bytes);
        if (cell.pipeline != 1) name += fmt::format(" x{}", cell.pipeline);
        if (cell.connections != 1) name += fmt::format(" {} connections", cell.connections);
    }
    if (cell.mode != Mode::lockstep) name += fmt::format(" {}", name_of(cell.mode));
    return name;
}

std::vector<std::string> window_fields(const CellKey& cell, std::uint64_t repetition) {
    return {cell.variant.server,
            cell.variant.wiring,
            cell.variant.rung,
            std::string(build_fields[static_cast<std::size_t>(cell.build)]),
            std::string(name_of(cell.kind)),
            cell.op,
            std::to_string(cell.key_bytes),
            std::to_string(cell.value_bytes),
            std::to_string(cell.connections),
            std::to_string(cell.pipeline),
            std::string(name_of(cell.mode)),
            std::to_string(repetition)};
}

CellKey parse_cell(std::span<const std::string> fields, const std::string& where) {
    CellKey cell;
    cell.variant = {fields[0], fields[1], fields[2]};
    cell.build = parse_word<Build>(fields[3], build_fields, "build", where);
    cell.kind = parse_word<Kind>(fields[4], kind_names, "kind", where);
    cell.op = fields[5];
    cell.key_bytes = parse_count(fields[6], "key_bytes", where);
    cell.value_bytes = parse_count(fields[7], "value_bytes", where);
    cell.connections = parse_count(fields[8], "connections", where);
    cell.pipeline = parse_count(fields[9], "pipeline", where);
    cell.mode = parse_word<Mode>(fields[10], mode_names, "mode", where);
    return cell;
}

std::uint64_t parse_repetition(std::span<const std::string> fields, const std::string& where) {
    return parse_count(fields[11], "repetition", where);
}

}  // namespace tare
