// SPDX-License-Identifier: Apache-2.0
#include "analysis/report/markdown.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

namespace tare::markdown {
namespace {

using document::Span;

bool is_word(char character) { return std::isalnum(static_cast<unsigned char>(character)) != 0; }

bool inside_word(std::string_view text, std::size_t at) {
    return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

// Whether the bracket at `at` opens or closes "[12.1, 12.9]", which nothing follows that would make it a link.
bool around_numbers(std::string_view text, std::size_t at) {
    const std::size_t open = text.substr(0, at + 1).rfind('[');
    const std::size_t close = text.find(']', at);
    if (open == std::string_view::npos || close == std::string_view::npos) return false;
    const std::string_view between = text.substr(open + 1, close - open - 1);
    const bool alone = close + 1 == text.size() || std::string_view("([:").find(text[close + 1]) == std::string_view::npos;
    return alone && !between.empty() && between.find_first_not_of("0123456789.,+- e") == std::string_view::npos;
}

bool is_markup(std::string_view text, std::size_t at) {
    const char character = text[at];
    if (character == '_') return !inside_word(text, at);
    if (character == '[' || character == ']') return !around_numbers(text, at);
    return std::string_view("\\`*<>|&~$").find(character) != std::string_view::npos;
}

// Writes blocks, and below them the notes that they lead to.
class Writer {
public:
    // `id` begins the name of each note; `up` leads from the file to the run's folder.
    Writer(std::string id, std::string up) : id_(std::move(id)), up_(std::move(up)) {}

    // Of figures only where they are asked for.
    std::string blocks(const document::Blocks& blocks, bool with_figures) {
        std::string text;
        for (const document::Block& block : blocks) {
            if (with_figures || !std::holds_alternative<document::Figure>(block.content))
                text += std::visit([&](const auto& content) { return written(content, with_figures); }, block.content);
        }
        return text;
    }

    std::string notes() const {
        std::string text;
        for (std::size_t index = 0; index < reasons_.size(); ++index)
            text += fmt::format("[^{}-{}]: {}\n", id_, index + 1, escaped(reasons_[index]));
        return text.empty() ? text : text + "\n";
    }

private:
    std::string mark(const std::string& reason) {
        auto found = std::find(reasons_.begin(), reasons_.end(), reason);
        if (found == reasons_.end()) found = reasons_.insert(reasons_.end(), reason);
        return fmt::format("[^{}-{}]", id_, found - reasons_.begin() + 1);
    }

    std::string inline_text(const document::Text& text) {
        std::string line;
        bool strong = false;
        for (const Span& span : text.spans()) {
            if (span.strong != strong) line += "**";
            strong = span.strong;
            if (span.kind == Span::Kind::code)
                line += code(span.text);
            else if (span.kind == Span::Kind::link)
                line += fmt::format("[{}]({}{})", escaped(span.text), up_, span.target);
            else if (span.kind == Span::Kind::note)
                line += mark(span.text);
            else
                line += escaped(span.text);
        }
        return strong ? line + "**" : line;
    }

    // What begins with this is no paragraph unless it is escaped.
    std::string paragraph_text(const document::Text& text) {
        const std::string line = inline_text(text);
        const bool begins_a_block = !line.empty() && std::string_view("#+-=:").find(line.front()) != std::string_view::npos;
        return begins_a_block ? "\\" + line : line;
    }

    std::string written(const document::Heading& heading, bool) {
        return fmt::format("{} {}\n\n", std::string(static_cast<std::size_t>(heading.level), '#'), inline_text(heading.text));
    }
    std::string written(const document::Paragraph& paragraph, bool) { return paragraph_text(paragraph.text) + "\n\n"; }
    std::string written(const document::List& list, bool) {
        std::string text;
        std::size_t place = 0;
        for (const document::Text& item : list.items)
            text += (list.numbered ? fmt::format("{}. ", ++place) : "- ") + paragraph_text(item) + "\n";
        return text + "\n";
    }
    std::string written(const document::Table& table, bool) {
        std::vector<std::string> header;
        std::vector<std::vector<std::string>> rows;
        std::vector<bool> right;
        for (const document::Text& name : table.header) {
            right.push_back(table.is_numeric(header.size()));
            header.push_back(inline_text(name));
        }
        for (const document::Row& row : table.rows) {
            rows.emplace_back();
            for (const document::Cell& cell : row) rows.back().push_back(inline_text(cell.content));
        }
        return markdown::table(header, rows, right);
    }
    std::string written(const document::Figure& figure, bool) {
        const chart::Chart& chart = figure.chart;
        if (chart.panels.empty())
            return fmt::format("*{}* is not drawn: {}.\n\n", escaped(chart.title),
                               escaped(fmt::to_string(fmt::join(chart.notes, "; "))));
        return fmt::format("![{}]({}figures/{}.svg)\n\n{}\n\n", escaped(chart.title), up_, chart.name,
                           escaped(chart.finding.empty() ? chart.caption : chart.finding + " " + chart.caption)) +
               written(chart.notes);
    }
    // What a picture does not show; folded where that is much, as on the page.
    static std::string written(const std::vector<std::string>& figure_notes) {
        std::string text;
        for (const std::string& note : figure_notes) text += "- " + escaped(note) + "\n";
        if (text.empty()) return text;
        if (figure_notes.size() <= 3) return text + "\n";
        return fmt::format("<details><summary>{} notes</summary>\n\n{}\n</details>\n\n", figure_notes.size(), text);
    }
    std::string written(const document::Warnings& warnings, bool) {
        std::string text;
        for (const document::Text& item : warnings.items) text += "> - Warning: " + inline_text(item) + "\n";
        return text + "\n";
    }
    std::string written(const document::Fold& fold, bool with_figures) {
        return fmt::format("<details><summary>{}</summary>\n\n{}</details>\n\n", escaped(fold.summary),
                           blocks(fold.blocks, with_figures));
    }

    std::string id_;
    std::string up_;
    std::vector<std::string> reasons_;
};

std::string report_file(const document::Document& document) {
    std::string text = fmt::format("# {}\n\n", escaped(document.title));
    Writer lead("lead", "");
    text += lead.blocks(document.lead, true);
    text += lead.notes();
    std::string all_details;
    for (const document::Section& section : document.sections) {
        const std::string path = details_path(section);
        if (!section.details.empty())
            all_details += fmt::format("{}[{}]({})", all_details.empty() ? "" : " · ", escaped(section.title), path);
        if (section.summary.empty()) continue;
        Writer writer(section.id, "");
        text += fmt::format("## {}\n\n", escaped(section.title)) + writer.blocks(section.summary, true);
        if (!section.details.empty()) text += fmt::format("More: [{}]({})\n\n", path, path);
        text += writer.notes();
    }
    return all_details.empty() ? text : text + "## Details\n\n" + all_details + "\n";
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string safe;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\n' || text[at] == '\r') {
            safe += ' ';
            continue;
        }
        if (is_markup(text, at)) safe += '\\';
        safe += text[at];
    }
    return safe;
}

std::string code(std::string_view text) {
    std::string safe(text);
    std::erase(safe, '`');
    std::replace(safe.begin(), safe.end(), '|', '/');
    std::replace(safe.begin(), safe.end(), '\n', ' ');
    return "`" + safe + "`";
}

std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& right) {
    std::string rule = "|";
    for (std::size_t column = 0; column < header.size(); ++column)
        rule += column < right.size() && right[column] ? "---:|" : "---|";
    std::string text = fmt::format("| {} |\n{}\n", fmt::join(header, " | "), rule);
    for (const auto& row : rows) text += fmt::format("| {} |\n", fmt::join(row, " | "));
    return text + "\n";
}

std::map<std::string, std::string> files(const document::Document& document) {
    std::map<std::string, std::string> files{{"report.md", report_file(document)}};
    for (const document::Section& each : document.sections) {
        if (!each.details.empty()) files[details_path(each)] = section(each);
    }
    return files;
}

std::string section(const document::Section& section) {
    Writer writer(section.id, "../");
    std::string text = fmt::format("# {}\n\n[The report](../report.md)\n\n", escaped(section.title));
    text += writer.blocks(section.summary, false);
    text += writer.blocks(section.details, true);
    return text + writer.notes();
}

}  // namespace tare::markdown
