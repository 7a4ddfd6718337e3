// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/json.h"

namespace tare::document {
namespace {

using nlohmann::json;

json written(const Blocks& blocks);

// The words, and the reasons that its notes lead to.
json written(const Text& text) {
    json notes = json::array();
    for (const Span& span : text.spans()) {
        if (span.kind == Span::Kind::note) notes.push_back(span.text);
    }
    if (notes.empty()) return text.plain();
    return {{"text", text.plain()}, {"notes", notes}};
}

json written(const std::vector<Text>& texts) {
    json array = json::array();
    for (const Text& text : texts) array.push_back(written(text));
    return array;
}

json written(const Cell& cell) {
    json text = written(cell.content);
    if (cell.type == CellType::text && !cell.value) return text;
    json object = text.is_string() ? json{{"text", text}} : std::move(text);
    object["type"] = name_of(cell.type);
    if (cell.value) object["value"] = *cell.value;
    if (cell.low) object["low"] = *cell.low;
    if (cell.high) object["high"] = *cell.high;
    if (cell.tone) object["tone"] = name_of(*cell.tone);
    return object;
}

json written(const Heading& heading) { return {{"heading", written(heading.text)}, {"level", heading.level}}; }
json written(const Paragraph& paragraph) { return {{"paragraph", written(paragraph.text)}}; }
json written(const List& list) { return {{"list", written(list.items)}, {"numbered", list.numbered}}; }
json written(const Table& table) {
    json rows = json::array();
    for (const Row& row : table.rows) {
        json cells = json::array();
        for (const Cell& cell : row) cells.push_back(written(cell));
        rows.push_back(std::move(cells));
    }
    return {{"table", {{"header", written(table.header)}, {"rows", std::move(rows)}}}};
}
json written(const Figure& figure) {
    return {{"figure", {{"name", figure.chart.name}, {"title", figure.chart.title}, {"caption", figure.chart.caption}}}};
}
json written(const Warnings& warnings) { return {{"warnings", written(warnings.items)}}; }
json written(const Fold& fold) { return {{"fold", {{"summary", fold.summary}, {"blocks", written(fold.blocks)}}}}; }

json written(const Blocks& blocks) {
    json array = json::array();
    for (const Block& block : blocks)
        array.push_back(std::visit([](const auto& content) { return written(content); }, block.content));
    return array;
}

}  // namespace

nlohmann::json to_json(const Document& document, const std::string& run_id) {
    json sections = json::array();
    for (const Section& section : document.sections)
        sections.push_back({{"id", section.id},
                            {"title", section.title},
                            {"summary", written(section.summary)},
                            {"details", written(section.details)}});
    return {{"schema", 1}, {"run", run_id}, {"title", document.title}, {"lead", written(document.lead)}, {"sections", sections}};
}

}  // namespace tare::document
