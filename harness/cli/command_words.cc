// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command_words.h"

#include <wordexp.h>

#include <algorithm>
#include <fstream>

#include "core/error.h"

namespace tare::cli {
namespace {

constexpr char open_brace = '\1';
constexpr char close_brace = '\2';

}  // namespace

std::vector<std::string> words_of(const std::string& text, const std::string& option) {
    // Braces are text here ({port}), and wordexp refuses them bare.
    std::string safe = text;
    std::replace(safe.begin(), safe.end(), '{', open_brace);
    std::replace(safe.begin(), safe.end(), '}', close_brace);
    wordexp_t words{};
    if (::wordexp(safe.c_str(), &words, WRDE_NOCMD | WRDE_UNDEF) != 0 || words.we_wordc == 0)
        throw usage_error(option + " '" + text +
                          "': no command line (quotes, variables and patterns are understood, no operators)");
    std::vector<std::string> arguments(words.we_wordv, words.we_wordv + words.we_wordc);
    ::wordfree(&words);
    for (std::string& argument : arguments) {
        std::replace(argument.begin(), argument.end(), open_brace, '{');
        std::replace(argument.begin(), argument.end(), close_brace, '}');
    }
    return arguments;
}

std::vector<std::string> own_words() {
    std::ifstream file("/proc/self/cmdline");
    std::vector<std::string> words;
    for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
    if (!words.empty()) words.front() = "tare";
    return words;
}

}  // namespace tare::cli
