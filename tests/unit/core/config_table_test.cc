// SPDX-License-Identifier: Apache-2.0
// Every mistake in a configuration file is a usage error that names file, line and what is allowed.
#include "core/config_table.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "tests/refusal.h"

namespace tare {
namespace {

constexpr std::string_view text = R"(name = "seed"
count = 7
many = [1, 2, 3]
words = ["counted", "timed"]
half = 0.5
nothing = []

[[cells]]
op = "get_hit"

[[cells]]
op = "set"
size = 64

[parts]
read = 1
)";
constexpr std::array<std::string_view, 2> builds{"counted", "timed"};
constexpr std::array<std::string_view, 2> known{"name", "count"};

class Table : public testing::Test {
protected:
    const std::string where_ = "suite.toml";
    const toml::table root_ = parse_toml(text, where_);
    const ConfigTable table_{root_, where_};

    std::string refused(const std::function<void(const ConfigTable&)>& read) const {
        return refusal(ExitCode::usage, [&] { read(table_); });
    }
};

TEST_F(Table, what_is_right_is_read) {
    EXPECT_EQ(table_.text("name"), "seed");
    EXPECT_EQ(table_.count("count", 7, 7), 7U);
    EXPECT_EQ(table_.counts("many", 1, 3), (std::vector<std::uint64_t>{1, 2, 3}));
    EXPECT_EQ(table_.counts("count", 0, 10), std::vector<std::uint64_t>{7});
    EXPECT_EQ(table_.texts("words", builds), (std::vector<std::string>{"counted", "timed"}));
    EXPECT_EQ(table_.number("half"), 0.5);
    EXPECT_EQ(table_.number("count"), 7.0);
    EXPECT_EQ(table_.tables("cells").at(1).count("size", 0, 64), 64U);
    EXPECT_EQ(table_.table("parts")->keys(), std::vector<std::string>{"read"});
    EXPECT_FALSE(table_.table("absent").has_value());
}

TEST_F(Table, an_unknown_key_is_refused_with_those_that_are_allowed) {
    const std::string said = refused([](const ConfigTable& table) { table.tables("cells").at(1).allow(known); });
    EXPECT_TRUE(said.starts_with("suite.toml:12: unknown key 'op'")) << said;
    EXPECT_TRUE(said.ends_with("; allowed: name, count")) << said;
}

TEST_F(Table, a_value_of_the_wrong_type_is_refused) {
    EXPECT_EQ(refused([](const ConfigTable& table) { table.text("count"); }), "suite.toml:2: count is 7; allowed: text");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.count("name", 0, 9); }),
              "suite.toml:1: name is 'seed'; allowed: 0 to 9");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.count("half", 0, 9); }),
              "suite.toml:5: half is of another type; allowed: 0 to 9");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.number("name"); }), "suite.toml:1: name is 'seed'; allowed: a number");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.text("words"); }), "suite.toml:4: words is a list; allowed: one text");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.count("many", 1, 3); }),
              "suite.toml:3: many is a list; allowed: 1 to 3");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.tables("name"); }), "suite.toml:1: name must be tables: [[name]]");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.table("name"); }), "suite.toml:1: name must be a table");
}

TEST_F(Table, a_value_out_of_range_is_refused) {
    EXPECT_EQ(refused([](const ConfigTable& table) { table.count("count", 8, 9); }), "suite.toml:2: count is 7; allowed: 8 to 9");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.counts("many", 1, 2); }), "suite.toml:3: many is 3; allowed: 1 to 2");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.texts("words", known); }),
              "suite.toml:4: words is 'counted'; allowed: name, count; did you mean 'count'?");
}

TEST_F(Table, a_negative_count_is_no_large_one) {
    const toml::table root = parse_toml("count = -1\n", where_);
    EXPECT_EQ(refusal(ExitCode::usage, [&] { ConfigTable(root, where_).count("count", 0, ~std::uint64_t{0}); }),
              "suite.toml:1: count is -1; allowed: 0 to 18446744073709551615");
}

TEST_F(Table, what_is_missing_is_refused_at_its_table) {
    const std::string said = refused([](const ConfigTable& table) { table.tables("cells").at(1).text("variant"); });
    EXPECT_EQ(said, "suite.toml:11: 'variant' is missing");
    EXPECT_EQ(refused([](const ConfigTable& table) { table.texts("nothing"); }), "suite.toml:6: nothing is an empty list");
}

TEST(toml, what_is_none_is_refused_with_its_line) {
    const std::string said = refusal(ExitCode::usage, [] { parse_toml("a = 1\nb = = 2\n", "suite.toml"); });
    EXPECT_TRUE(said.starts_with("suite.toml:2: ")) << said;
    EXPECT_TRUE(refusal(ExitCode::usage, [] { parse_toml("a = 1\na = 2\n", "suite.toml"); }).starts_with("suite.toml:2: "));
}

}  // namespace
}  // namespace tare
