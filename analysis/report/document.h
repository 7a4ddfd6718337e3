// SPDX-License-Identifier: Apache-2.0
// A report as data: sections of headings, paragraphs, lists, tables with typed cells, figures and folds. Sections make it from
// findings; markdown.h, html.h and json.h write it. No text in here is markup: each writer makes it harmless in its own syntax.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "analysis/report/chart.h"

namespace tare::document {

// A piece of a text.
struct Span {
    enum class Kind : std::uint8_t { text, code, link, note };
    Kind kind = Kind::text;
    std::string text;         // of a note: the reason that the reader is led to
    std::string target = {};  // of a link: a path from the run's folder
    bool strong = false;
};

Span code(std::string text);
Span strong(std::string text);
Span link(std::string text, std::string target);
Span note(std::string reason);

// What stands in one line, of whatever length.
class Text {
public:
    Text() = default;
    Text(const char* words) : Text(std::string(words)) {}
    Text(std::string_view words) : Text(std::string(words)) {}
    Text(std::string words) { *this += Span{Span::Kind::text, std::move(words)}; }
    Text(Span span) { *this += std::move(span); }

    Text& operator+=(Span span);
    Text& operator+=(const Text& text);

    bool empty() const { return spans_.empty(); }
    const std::vector<Span>& spans() const { return spans_; }
    // The words alone, without notes.
    std::string plain() const;

private:
    std::vector<Span> spans_;
};

// The parts one after the other.
template <class... Parts>
Text text_of(const Parts&... parts) {
    Text whole;
    ((whole += Text(parts)), ...);
    return whole;
}

Text joined(const std::vector<Text>& texts, std::string_view between);

// Another's words, in which `backticks` mark code; asserts that they are paired.
Text quoted(std::string_view words, bool strong = false);

enum class CellType : std::uint8_t { text, count, ratio, time, verdict, absent, none };
enum class Tone : std::uint8_t { good, bad, open };

std::string_view name_of(CellType type);
std::string_view name_of(Tone tone);

// One field of a table. cells.h makes those of measured values.
struct Cell {
    CellType type = CellType::text;
    Text content;                            // as it is read
    std::optional<double> value, low, high;  // of a count (per request, or as it stands), a ratio, a time in the column's unit
    std::optional<Tone> tone;                // of a verdict

    Cell(CellType kind, Text words) : type(kind), content(std::move(words)) {}
    template <class Words>
    requires std::convertible_to<Words, Text> Cell(const Words& words) : content(words) {}
};

using Row = std::vector<Cell>;

Cell verdict(Tone tone, std::string text);
// Where a column does not apply to a row.
Cell none();

struct Block;

struct Heading {
    int level = 3;  // 3 or 4, below the section's own
    Text text;
};
struct Paragraph {
    Text text;
};
struct List {
    std::vector<Text> items;
    bool numbered = false;
};
struct Table {
    std::vector<Text> header;
    std::vector<Row> rows;

    // Whether a column stands to the right: it holds numbers, and nothing but numbers and what is missing.
    bool is_numeric(std::size_t column) const;
};
// Drawn from figures/data.json, in which the chart is.
struct Figure {
    chart::Chart chart;
};
// What the reader must know before the rest.
struct Warnings {
    std::vector<Text> items;
};
struct Fold {
    std::string summary;
    std::vector<Block> blocks;
};

struct Block {
    std::variant<Heading, Paragraph, List, Table, Figure, Warnings, Fold> content;

    template <class Content>
    Block(Content one) : content(std::move(one)) {}
};
using Blocks = std::vector<Block>;

// What a reader sees first, and what stands behind it: in Markdown a file of its own, in HTML a fold.
struct Section {
    std::string id;  // of letters, digits and `-`: the name of its file, of its notes and of its anchor
    std::string title;
    Blocks summary = {};
    Blocks details = {};

    bool empty() const { return summary.empty() && details.empty(); }
};

struct Document {
    std::string title;
    Blocks lead = {};
    std::vector<Section> sections = {};
    std::map<std::string, std::string> files = {};  // further files of the run's folder: name and content

    // Leaves out an empty section. Asserts that its id has the form above and that no other has it.
    void add(Section section);
    // Every chart, in the order of the figures.
    std::vector<chart::Chart> charts() const;
};

// "details/ID.md", from the run's folder.
std::string details_path(const Section& section);

}  // namespace tare::document
