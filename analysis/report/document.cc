// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/document.h"

#include <algorithm>
#include <array>

#include "core/check.h"

namespace tare::document {
namespace {

constexpr std::array<std::string_view, 7> type_names{"text", "count", "ratio", "time", "verdict", "absent", "none"};
constexpr std::array<std::string_view, 3> tone_names{"good", "bad", "open"};

void collect(const Blocks& blocks, std::vector<chart::Chart>& charts) {
    for (const Block& block : blocks) {
        if (const auto* const figure = std::get_if<Figure>(&block.content)) charts.push_back(figure->chart);
        if (const auto* const fold = std::get_if<Fold>(&block.content)) collect(fold->blocks, charts);
    }
}

bool is_id(std::string_view id) {
    return !id.empty() && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

}  // namespace

Span code(std::string text) { return {Span::Kind::code, std::move(text)}; }
Span strong(std::string text) { return {Span::Kind::text, std::move(text), {}, true}; }
Span link(std::string text, std::string target) { return {Span::Kind::link, std::move(text), std::move(target)}; }
Span note(std::string reason) { return {Span::Kind::note, std::move(reason)}; }

Text& Text::operator+=(Span span) {
    if (!span.text.empty()) spans_.push_back(std::move(span));
    return *this;
}

Text& Text::operator+=(const Text& text) {
    const std::vector<Span> more = text.spans_;  // the text may be this one
    spans_.insert(spans_.end(), more.begin(), more.end());
    return *this;
}

std::string Text::plain() const {
    std::string text;
    for (const Span& span : spans_) {
        if (span.kind != Span::Kind::note) text += span.text;
    }
    return text;
}

Text joined(const std::vector<Text>& texts, std::string_view between) {
    Text whole;
    for (const Text& each : texts) {
        if (!whole.empty()) whole += Text(between);
        whole += each;
    }
    return whole;
}

Text quoted(std::string_view words, bool strong) {
    Text whole;
    bool inside = false;
    for (std::size_t begin = 0; begin <= words.size(); inside = !inside) {
        const std::size_t end = std::min(words.find('`', begin), words.size());
        const std::string part(words.substr(begin, end - begin));
        whole += Span{inside ? Span::Kind::code : Span::Kind::text, part, {}, strong};
        begin = end + 1;
    }
    check(inside, "a backtick without its pair");
    return whole;
}

std::string_view name_of(CellType type) { return type_names.at(static_cast<std::size_t>(type)); }
std::string_view name_of(Tone tone) { return tone_names.at(static_cast<std::size_t>(tone)); }

Cell verdict(Tone tone, std::string text) {
    Cell cell(CellType::verdict, tone == Tone::bad ? Text(strong(std::move(text))) : Text(std::move(text)));
    cell.tone = tone;
    return cell;
}

Cell none() { return {CellType::none, "-"}; }

bool Table::is_numeric(std::size_t column) const {
    bool numbers = false;
    for (const Row& row : rows) {
        const CellType type = row.at(column).type;
        if (type == CellType::text || type == CellType::verdict) return false;
        numbers = numbers || type == CellType::count || type == CellType::ratio || type == CellType::time;
    }
    return numbers;
}

void Document::add(Section section) {
    if (section.empty()) return;
    check(is_id(section.id), "a section's id is no name");
    check(std::none_of(sections.begin(), sections.end(), [&](const Section& other) { return other.id == section.id; }),
          "two sections of one id");
    sections.push_back(std::move(section));
}

std::vector<chart::Chart> Document::charts() const {
    std::vector<chart::Chart> charts;
    collect(lead, charts);
    for (const Section& section : sections) {
        collect(section.summary, charts);
        collect(section.details, charts);
    }
    return charts;
}

std::string details_path(const Section& section) { return "details/" + section.id + ".md"; }

}  // namespace tare::document
