// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command_line.h"

#include <gtest/gtest.h>

#include <set>

#include "harness/cli/command.h"
#include "harness/cli/generate/completion.h"
#include "harness/cli/option_table.h"
#include "harness/cli/program.h"
#include "tests/refusal.h"

namespace tare::cli {
namespace {

using Words = std::vector<std::string>;

Words marked(const Words& words) { return with_command_marked(*program(), words); }

std::string refused(const Words& words) {
    return refusal(ExitCode::usage, [&] { parse_and_run(*program(), words); });
}

TEST(command_line, options_after_a_command_are_the_commands_own) {
    EXPECT_EQ(marked({"stat", "ls", "-la"}), (Words{"stat", "--", "ls", "-la"}));
    EXPECT_EQ(marked({"stat", "-r", "3", "ls", "-la", "--full-time"}),
              (Words{"stat", "-r", "3", "--", "ls", "-la", "--full-time"}));
    EXPECT_EQ(marked({"attach", "--pid=1", "curl", "-s", "x"}), (Words{"attach", "--pid=1", "--", "curl", "-s", "x"}));
    EXPECT_EQ(marked({"-q", "--color", "never", "stat", "ls", "-la"}),
              (Words{"-q", "--color", "never", "stat", "--", "ls", "-la"}));
}

TEST(command_line, a_marked_command_and_one_without_options_stay_as_they_are) {
    for (const Words& words :
         {Words{"stat", "--", "ls", "-la"}, Words{"stat", "ls", "/"}, Words{"stat", "true", "-r", "3"},
          Words{"stat", "sleep", "1", "--format", "json"}, Words{"run", "gate", "--only", "x"}, Words{"stat"}})
        EXPECT_EQ(marked(words), words);
}

TEST(command_line, an_option_that_may_be_either_s_is_refused_with_the_way_out) {
    for (const Words& words :
         {Words{"stat", "gcc", "a.c", "-o", "a.o"}, Words{"stat", "grep", "-r", "x"}, Words{"stat", "make", "-q"},
          Words{"stat", "ls", "--color=always"}, Words{"stat", "x", "--format", "json", "--other"}}) {
        const std::string told = refused(words);
        EXPECT_NE(told.find("put -- before the command\n  tare stat -- " + words[1]), std::string::npos) << told;
    }
}

TEST(command_line, what_is_wrong_is_named_with_what_was_meant) {
    EXPECT_NE(refused({"laod"}).find("'laod' is no command of tare; did you mean 'load'?"), std::string::npos);
    EXPECT_NE(refused({"list", "suits"}).find("did you mean 'suites'?"), std::string::npos);
    EXPECT_NE(refused({"load", "--conections", "16"}).find("tare load has no option --conections; did you mean '--connections'?"),
              std::string::npos);
    EXPECT_NE(refused({"load", "-zipff", "1"}).find("did you mean '--zipf'?"), std::string::npos);
    EXPECT_NE(refused({"load", "-x", "1", "-c", "2"}).find("tare load has no option -x"), std::string::npos);
    EXPECT_NE(refused({"load", "--format", "jsn", "--port", "1"}).find("did you mean 'json'?"), std::string::npos);
    EXPECT_NE(refused({"report", "a", "b"}).find("'b' is too much: tare report [DIR]"), std::string::npos);
    EXPECT_NE(refused({"doctor", "now"}).find("tare doctor takes no argument: 'now'"), std::string::npos);
    EXPECT_NE(refused({"run"}).find("tare run: SUITE is required\nsee tare run --help"), std::string::npos);
    EXPECT_NE(refused({"list"}).find("tare list needs a command; there are: servers suites"), std::string::npos);
    EXPECT_NE(refused({}).find("tare needs a command"), std::string::npos);
}

TEST(command_line, help_of_each_command_has_its_examples_and_options) {
    const auto all = program();
    for (const CLI::App* const command : all_commands(*all)) {
        const std::string text = help_of(*command);
        EXPECT_NE(text.find("Usage: " + full_name(*command)), std::string::npos) << text;
        EXPECT_NE(text.find("--color"), std::string::npos) << text;
        const CLI::App* const parent = command->get_parent();
        if (parent != nullptr && parent->get_parent() != nullptr) continue;
        const std::string begin = "\nExamples:\n  tare " + (parent == nullptr ? "" : command->get_name());
        EXPECT_EQ(text.find(begin) == std::string::npos, command->get_name() == "generate") << text;
    }
    EXPECT_EQ(parse_and_run(*all, {"load", "--help"}), help_of(*command_named(*all, "load")));
}

// The examples are those of the program: each is parsed, up to what it would do.
TEST(command_line, examples_have_only_options_that_there_are) {
    const auto all = program();
    std::size_t seen = 0;
    for (const CLI::App* const command : all_commands(*all)) {
        std::set<std::string> names;
        for (const CLI::App* const each : all_commands(*all)) {
            for (const OptionRow& option : options_of(*each)) names.insert(option.names.begin(), option.names.end());
        }
        for (const Example& example : text_of(*command).examples) {
            ++seen;
            EXPECT_TRUE(example.command.starts_with("tare ")) << example.command;
            const std::string own = example.command.substr(0, example.command.find(" -- "));
            for (std::size_t at = own.find(" --"); at != std::string::npos; at = own.find(" --", at + 1)) {
                const std::string name = own.substr(at + 1, own.find_first_of(" =", at + 1) - at - 1);
                EXPECT_TRUE(names.contains(name)) << example.command;
            }
        }
    }
    EXPECT_GT(seen, 20U);
}

TEST(command_line, one_letter_means_one_thing) {
    const std::vector<std::pair<std::string, std::set<std::string>>> letters{
        {"-c", {"--connections"}},     {"-d", {"--duration"}},
        {"-t", {"--threads"}},         {"-r", {"--repeat", "--repetitions", "--rate"}},
        {"-o", {"--output", "--out"}}, {"-q", {"--quiet"}},
        {"-v", {"--verbose"}}};
    const auto all = program();
    for (const CLI::App* const command : all_commands(*all)) {
        for (const OptionRow& option : options_of(*command)) {
            for (const auto& [letter, longs] : letters) {
                EXPECT_TRUE(option.names.front() != letter || longs.contains(option.name())) << full_name(*command);
            }
        }
    }
}

}  // namespace
}  // namespace tare::cli
