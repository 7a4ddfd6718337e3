// SPDX-License-Identifier: Apache-2.0
#include "run/csv.h"

#include <csv.h>
#include <fmt/format.h>

#include <array>
#include <fstream>

#include "core/error.h"

namespace tare {
namespace {

// A device without an end is no file of a run.
constexpr std::size_t file_bytes_max = std::size_t{1} << 30;

struct Collector {
    std::vector<CsvRow> rows;
    std::vector<std::string> fields;
};

void take_field(void* field, std::size_t size_bytes, void* collector) {
    static_cast<Collector*>(collector)->fields.emplace_back(static_cast<const char*>(field), size_bytes);
}

void take_row(int, void* collector) {
    auto& into = *static_cast<Collector*>(collector);
    into.rows.push_back({0, std::move(into.fields)});
    into.fields.clear();
}

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& where) {
    csv_parser parser{};
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) throw run_failed("csv_init");
    Collector collector;
    std::size_t line = 0;
    std::size_t begin = 0;
    bool parsed = true;
    // Line by line, so that each row knows the line on which it ended.
    while (begin < text.size() && parsed) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        ++line;
        const std::size_t rows_before = collector.rows.size();
        parsed = csv_parse(&parser, text.data() + begin, end - begin, take_field, take_row, &collector) == end - begin;
        for (std::size_t row = rows_before; row < collector.rows.size(); ++row) collector.rows[row].line = line;
        begin = end;
    }
    const std::size_t rows_before = collector.rows.size();
    parsed = parsed && csv_fini(&parser, take_field, take_row, &collector) == 0;
    for (std::size_t row = rows_before; row < collector.rows.size(); ++row) collector.rows[row].line = line;
    const std::string problem = parsed ? "" : csv_strerror(csv_error(&parser));
    csv_free(&parser);
    if (!parsed) throw data_refused(where + ":" + std::to_string(line) + ": " + problem);
    return std::move(collector.rows);
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw data_refused(path.string() + ": cannot be read");
    std::string text;
    std::array<char, 65536> piece;
    while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
        if (text.size() > file_bytes_max)
            throw data_refused(fmt::format("{}: has more than {} MiB", path.string(), file_bytes_max >> 20));
    }
    if (file.bad()) throw data_refused(path.string() + ": cannot be read to its end");
    return text;
}

std::vector<CsvRow> read_csv(const std::filesystem::path& path) { return parse_csv(read_file(path), path.string()); }

std::string csv_line(const std::vector<std::string>& fields) {
    if (fields.size() == 1 && fields.front().empty()) return "\"\"\n";  // an empty line is no row
    std::string line;
    for (const std::string& field : fields) {
        if (&field != &fields.front()) line += ',';
        const bool edge_space = !field.empty() && (field.front() == ' ' || field.back() == ' ');
        if (!edge_space && field.find_first_of(",\"\r\n\t") == std::string::npos) {
            line += field;
            continue;
        }
        std::string quoted(field.size() * 2 + 2, '\0');
        quoted.resize(csv_write(quoted.data(), quoted.size(), field.data(), field.size()));
        line += quoted;
    }
    line += '\n';
    return line;
}

}  // namespace tare
