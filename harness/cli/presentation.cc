// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/presentation.h"

#include <unistd.h>

#include <cstdlib>

#include "core/standard_streams.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

enum class Colour { automatic, always, never };

Colour chosen_colour = Colour::automatic;  // of the process, as its stdout is

void choose_colour(const std::string& word) {
    chosen_colour = word == "always" ? Colour::always : word == "never" ? Colour::never : Colour::automatic;
}

}  // namespace

void add_presentation_options(CLI::App& command) {
    CLI::Option* const colour = command.add_option_function<std::string>(
        "--color", choose_colour, "text in colour; auto: on a terminal, unless NO_COLOR is set");
    takes_one_of(colour, {"auto", "always", "never"})->default_str("auto")->group(common_options);
    CLI::Option* const quiet = command.add_flag_callback(
        "-q,--quiet", [] { set_verbosity(Verbosity::quiet); }, "no progress on stderr; warnings and errors alone");
    CLI::Option* const verbose = command.add_flag_callback(
        "-v,--verbose", [] { set_verbosity(Verbosity::verbose); }, "on stderr a line for every step");
    quiet->group(common_options)->excludes(verbose);
    verbose->group(common_options);
}

bool colour_wanted() {
    if (chosen_colour != Colour::automatic) return chosen_colour == Colour::always;
    const char* const no_color = std::getenv("NO_COLOR");
    return ::isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

}  // namespace tare::cli
