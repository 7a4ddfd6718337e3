// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/generate/completion.h"

#include "harness/cli/command.h"

namespace tare::cli {

std::vector<const CLI::App*> all_commands(const CLI::App& program) {
    std::vector<const CLI::App*> all{&program};
    for (const CLI::App* const each : shown_commands(program)) {
        const std::vector<const CLI::App*> below = all_commands(*each);
        all.insert(all.end(), below.begin(), below.end());
    }
    return all;
}

std::string shell_quoted(const std::string& text) {
    std::string quoted = "'";
    for (const char letter : text) quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
    return quoted + "'";
}

}  // namespace tare::cli
