// SPDX-License-Identifier: Apache-2.0
// Markdown as code hosts show it (GitHub's): a document's files, and what keeps any text from being markup.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/report/document.h"

namespace tare::markdown {

// Text from data, made harmless for a table cell or a paragraph. An underscore inside a word stays as it is, and so do brackets
// around numbers: neither is markup.
std::string escaped(std::string_view text);
// The same as `code`.
std::string code(std::string_view text);

// Cells are Markdown already; so many columns as `right` says stand to the right.
std::string table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
                  const std::vector<bool>& right = {});

// The files of a document by name: report.md with every section's summary, and details/ID.md of each section that has details.
std::map<std::string, std::string> files(const document::Document& document);

// One section as it stands in its own file: title, summary without figures, details.
std::string section(const document::Section& section);

}  // namespace tare::markdown
