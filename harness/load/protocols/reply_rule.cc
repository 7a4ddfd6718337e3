// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/reply_rule.h"

#include "core/check.h"

namespace tare {

// Knuth, Morris and Pratt's table.
void set_delimiter(ReplyRule& rule, const std::string& delimiter) {
    check(!delimiter.empty() && delimiter.size() <= delimiter_bytes_max, "a delimiter of no or too many bytes");
    rule.delimiter = delimiter;
    rule.delimiter_restarts.assign(delimiter.size(), 0);
    std::uint8_t matched = 0;
    for (std::size_t at = 1; at < delimiter.size(); ++at) {
        while (matched > 0 && delimiter[at] != delimiter[matched]) matched = rule.delimiter_restarts[matched - 1U];
        if (delimiter[at] == delimiter[matched]) ++matched;
        rule.delimiter_restarts[at] = matched;
    }
}

}  // namespace tare
