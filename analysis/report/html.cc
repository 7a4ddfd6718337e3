// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace tare::html {
namespace {

using document::Cell;
using document::CellType;
using document::Span;
using nlohmann::json;

// A table with more rows is cut: a browser lays out a table as a whole.
constexpr std::size_t table_rows_max = 400;
// A cell of no more is not broken into lines.
constexpr std::size_t short_characters = 18;

std::string escaped(std::string_view text) {
    std::string safe;
    for (const char character : text) {
        switch (character) {
            case '&':
                safe += "&amp;";
                break;
            case '<':
                safe += "&lt;";
                break;
            case '>':
                safe += "&gt;";
                break;
            case '"':
                safe += "&quot;";
                break;
            case '\'':
                safe += "&#39;";
                break;
            default:
                safe += character;
        }
    }
    return safe;
}

// The style classes of a cell.
std::string classes(const Cell& cell, bool numeric) {
    std::string names;
    const auto add = [&](std::string_view name) { names += fmt::format("{}{}", names.empty() ? "" : " ", name); };
    if (numeric) add("number");
    if (cell.tone) add(name_of(*cell.tone));
    const std::string plain = cell.content.plain();
    if (cell.type == CellType::text && plain.find(' ') != std::string::npos && plain.size() <= short_characters) add("short");
    return names.empty() ? "" : fmt::format(" class=\"{}\"", names);
}

class Writer {
public:
    json pieces(const document::Blocks& blocks) {
        pieces_ = json::array();
        write(blocks);
        flush();
        return std::move(pieces_);
    }

    json section(const document::Section& section) {
        title_ = section.title;
        parts_ = json::array();
        const std::string id = anchor(section.title);
        text_ = fmt::format("<h2 id=\"{}\">{}</h2>\n", id, escaped(section.title));
        pieces_ = json::array();
        write(section.summary);
        // A section of details alone has its heading to tell what they are.
        if (!section.details.empty()) write(document::Fold{section.summary.empty() ? "All of it" : "Details", section.details});
        flush();
        return {{"id", id}, {"title", section.title}, {"parts", std::move(parts_)}, {"html", std::move(pieces_)}};
    }

    std::string notes() const {
        std::string text;
        for (std::size_t index = 0; index < reasons_.size(); ++index)
            text += fmt::format(
                "<li id=\"fn{0}\"><p>{1} <a href=\"#ref{0}\" aria-label=\"back to where note {0} is first referred to\">"
                "↩</a></p></li>\n",
                index + 1, escaped(reasons_[index]));
        return text.empty() ? text : "<ol>\n" + text + "</ol>\n";
    }

private:
    // An id that no other has.
    std::string anchor(std::string_view title) {
        std::string base = "s-";
        for (const char character : title) {
            if (std::isalnum(static_cast<unsigned char>(character)) != 0)
                base += static_cast<char>(std::tolower(static_cast<unsigned char>(character)));
            else if (base.back() != '-')
                base += '-';
        }
        while (base.back() == '-') base.pop_back();
        std::string id = base;
        for (int number = 2; !anchors_.insert(id).second; ++number) id = fmt::format("{}-{}", base, number);
        return id;
    }

    std::string mark(const std::string& reason) {
        const auto found = std::find(reasons_.begin(), reasons_.end(), reason);
        const auto number = found - reasons_.begin() + 1;
        const bool first = found == reasons_.end();
        if (first) reasons_.push_back(reason);
        return fmt::format("<sup><a class=\"ref\" href=\"#fn{0}\"{1}>{0}</a></sup>", number,
                           first ? fmt::format(" id=\"ref{}\"", number) : "");
    }

    std::string inline_text(const document::Text& text) {
        std::string line;
        bool strong = false;
        for (const Span& span : text.spans()) {
            if (span.strong != strong) line += span.strong ? "<strong>" : "</strong>";
            strong = span.strong;
            if (span.kind == Span::Kind::note)
                line += mark(span.text);
            else if (span.kind == Span::Kind::code)
                line += "<code>" + escaped(span.text) + "</code>";
            else
                line += escaped(span.text);  // a link leads to a file that this page is whole without
        }
        return strong ? line + "</strong>" : line;
    }

    void write(const document::Blocks& blocks) {
        for (const document::Block& block : blocks) std::visit([&](const auto& content) { write(content); }, block.content);
    }

    void write(const document::Heading& heading) {
        const std::string id = anchor(heading.text.plain());
        title_ = heading.text.plain();
        if (heading.level == 3 && folds_ == 0) parts_.push_back({{"id", id}, {"title", title_}});
        text_ += fmt::format("<h{0} id=\"{1}\">{2}</h{0}>\n", heading.level, id, inline_text(heading.text));
    }
    void write(const document::Paragraph& paragraph) { text_ += "<p>" + inline_text(paragraph.text) + "</p>\n"; }
    void write(const document::List& list) {
        const char* const tag = list.numbered ? "ol" : "ul";
        text_ += fmt::format("<{}>\n", tag);
        for (const document::Text& item : list.items) text_ += "<li>" + inline_text(item) + "</li>\n";
        text_ += fmt::format("</{}>\n", tag);
    }
    void write(const document::Table& table) {
        text_ += fmt::format(
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"Table: {0}\"><table><caption "
            "class=\"unseen\">{0}</caption>\n"
            "<thead><tr>",
            escaped(title_));
        std::vector<bool> numeric;
        for (const document::Text& name : table.header) {
            numeric.push_back(table.is_numeric(numeric.size()));
            text_ += fmt::format("<th scope=\"col\"{}>{}</th>", numeric.back() ? " class=\"number\"" : "", inline_text(name));
        }
        text_ += "</tr></thead>\n<tbody>\n";
        const std::size_t shown = std::min(table.rows.size(), table_rows_max);
        for (std::size_t place = 0; place < shown; ++place) write_row(table.rows[place], numeric);
        text_ += "</tbody></table></div>\n";
        if (shown < table.rows.size())
            text_ += fmt::format(
                "<p><em>{} more rows are left out here so that the page stays usable: details/ has them, and "
                "observations.csv, below, has the data of all.</em></p>\n",
                table.rows.size() - shown);
    }
    void write_row(const document::Row& row, const std::vector<bool>& numeric) {
        text_ += "<tr>";
        for (std::size_t column = 0; column < row.size(); ++column)
            text_ += fmt::format("<td{}>{}</td>", classes(row[column], numeric[column]), inline_text(row[column].content));
        text_ += "</tr>\n";
    }
    void write(const document::Figure& figure) {
        flush();
        pieces_.push_back({{"figure", figure.chart.name}});
    }
    void write(const document::Warnings& warnings) {
        text_ += "<aside class=\"warnings\" aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Warnings</h2>\n<ul>\n";
        for (const document::Text& item : warnings.items) text_ += "<li>" + inline_text(item) + "</li>\n";
        text_ += "</ul>\n</aside>\n";
    }
    void write(const document::Fold& fold) {
        text_ += fmt::format("<details><summary>{}</summary>\n", escaped(fold.summary));
        ++folds_;
        write(fold.blocks);
        --folds_;
        text_ += "</details>\n";
    }

    void flush() {
        if (!text_.empty()) pieces_.push_back(std::move(text_));
        text_.clear();
    }

    std::set<std::string> anchors_;
    std::vector<std::string> reasons_;
    std::size_t folds_ = 0;  // around what is written: the contents do not list what is folded
    std::string title_;      // the last heading's
    std::string text_;
    json parts_ = json::array();
    json pieces_ = json::array();
};

}  // namespace

json page(const document::Document& document) {
    Writer writer;
    json page{{"title", document.title}, {"lead", writer.pieces(document.lead)}, {"sections", json::array()}};
    for (const document::Section& section : document.sections) page["sections"].push_back(writer.section(section));
    page["notes"] = writer.notes();
    return page;
}

}  // namespace tare::html
