// SPDX-License-Identifier: Apache-2.0
// A protocol that a suite describes: of each operation the bytes of a request and what its reply is. Data only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/load/protocols/reply_rule.h"
#include "harness/load/protocols/template_text.h"

namespace tare {

struct TemplateOperation {
    std::string name;
    TemplateText request = {};
    ReplyRule reply = {};
    std::optional<std::size_t> preparation = {};  // the operation that stores what this one finds, by its place
    std::optional<std::size_t> proof = {};        // the one that shows that this one stored its value

    bool stores() const { return request.has(TemplateText::Kind::value); }
};

struct ProtocolTemplate {
    std::string name;
    std::vector<TemplateOperation> operations = {};
    bool values_are_text = true;  // letters and digits; else any byte
};

// Pieces of a reply's text, at most: each is a segment of what is expected.
inline constexpr std::size_t reply_pieces_max = 16;

}  // namespace tare
