// SPDX-License-Identifier: Apache-2.0
// A command line that stands in one option's text, as words.
#pragma once

#include <string>
#include <vector>

namespace tare::cli {

// The words as a shell would split them; nothing is executed for that. Throws usage_error that names `option`.
std::vector<std::string> words_of(const std::string& text, const std::string& option);

// The words of this program's own command line, as the kernel has them, with "tare" for its path.
std::vector<std::string> own_words();

}  // namespace tare::cli
