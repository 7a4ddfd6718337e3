// SPDX-License-Identifier: Apache-2.0
// A document as pieces of HTML, which page/page.py puts into its template together with the drawn figures.
#pragma once

#include <nlohmann/json.hpp>

#include "analysis/report/document.h"

namespace tare::html {

// {"title", "lead", "sections": [{"id", "title", "parts": [{"id", "title"}], "html"}], "notes"}. Each `lead` and `html` is a list
// of pieces: HTML as text, or {"figure": NAME} where that figure stands. `notes` is the list of all notes, empty where there is
// none.
nlohmann::json page(const document::Document& document);

}  // namespace tare::html
