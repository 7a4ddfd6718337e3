// SPDX-License-Identifier: Apache-2.0
// A suite is every combination of its cells' values; what it may not say is refused with line and alternatives.
#include "harness/bench/suite.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "run/complete.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

const VariantNames variants{{"epoll/level/as_described", "epoll/level/get_into", "uring/oneshot/as_described"},
                            {{"epoll/ideal", "epoll/level/get_into"}}};

std::string cells(const std::string& key = "", const std::string& line = "") {
    const std::array<std::array<std::string, 2>, 6> lines{{{"variant", "variant = \"epoll/level/as_described\""},
                                                           {"build", "build = \"timed\""},
                                                           {"op", "op = \"set\""},
                                                           {"key_bytes", "key_bytes = 16"},
                                                           {"value_bytes", "value_bytes = 64"},
                                                           {"requests", "requests = 500"}}};
    std::string text = "[[cells]]\n";
    for (const auto& [name, standing] : lines) text += (name == key ? line : standing) + "\n";
    return text;
}

Suite parsed(const std::string& text) { return parse_suite("description = \"d\"\n" + text, "s", "s.toml", variants); }

std::string refused(const std::string& text) {
    return refusal(ExitCode::usage, [&] { parsed(text); });
}

TEST(suite, every_combination_is_a_cell) {
    const Suite suite = parsed(R"([[cells]]
variant = ["epoll/level/as_described", "uring/oneshot/as_described"]
build = ["counted", "timed"]
op = ["get_hit", "set"]
key_bytes = [16, 32]
value_bytes = [0, 1048576]
requests = 500
)");
    EXPECT_EQ(suite.cells.size(), 32U);
    const Cell& last = suite.cells.back();
    EXPECT_EQ(to_string(last), "uring/oneshot/as_described timed set 32 1048576");
    EXPECT_EQ(last.workload.operation, Operation::set);
    EXPECT_EQ(last.workload.key_bytes, 32U);
    EXPECT_EQ(last.workload.value_bytes, 1048576U);
    EXPECT_EQ(last.requests, 500U);
}

TEST(suite, it_may_be_of_a_case_study) {
    EXPECT_EQ(parsed(cells()).case_study, "");
    EXPECT_EQ(parsed("case_study = \"overhead-analysis\"\n" + cells()).case_study, "overhead-analysis");
    EXPECT_NE(refused("case_study = \"another\"\n" + cells()).find("overhead-analysis"), std::string::npos);
}

TEST(suite, the_sum_is_that_of_its_text) {
    EXPECT_EQ(parsed(cells()).sha256, sha256_hex("description = \"d\"\n" + cells()));
    EXPECT_EQ(parsed(cells()).name, "s");
}

TEST(suite, an_unknown_key_is_refused) {
    EXPECT_EQ(refused(cells() + "seconds = 3\n"),
              "s.toml:9: unknown key 'seconds'; allowed: variant, build, op, key_bytes, value_bytes, pipeline, requests, "
              "call_sites, wrappers");
    EXPECT_EQ(refused("title = \"t\"\n" + cells()),
              "s.toml:2: unknown key 'title'; allowed: description, include, case_study, calibrate, server, cells, load");
}

TEST(suite, wrappers_are_of_cells_with_call_sites) {
    const Suite suite = parsed(cells() + "call_sites = true\nwrappers = [\"xmalloc\", \"app::arena\"]\n");
    EXPECT_EQ(suite.cells.front().wrappers, (std::vector<std::string>{"xmalloc", "app::arena"}));
    EXPECT_TRUE(parsed(cells() + "call_sites = true\n").cells.front().wrappers.empty());
    EXPECT_EQ(refused(cells() + "wrappers = [\"xmalloc\"]\n"), "s.toml:9: wrappers need `call_sites = true`");
}

struct Wrong {
    const char* key;
    const char* line;
    const char* said;
};

TEST(suite, an_unknown_or_impossible_value_is_refused_with_what_is_allowed) {
    for (const auto& [key, line, said] :
         {Wrong{"variant", "variant = \"epoll/level\"",
                "s.toml:3: variant is 'epoll/level', which is none of: epoll/level/as_described, epoll/level/get_into, "
                "uring/oneshot/as_described"},
          Wrong{"build", "build = \"debug\"", "s.toml:4: build is 'debug'; allowed: counted, timed"},
          Wrong{"op", "op = \"get\"", "s.toml:5: op is 'get'; allowed: get_hit, get_miss, set, set_noreply, delete, mget"},
          Wrong{"key_bytes", "key_bytes = 251", "s.toml:6: key_bytes is 251; allowed: 4 to 250"},
          Wrong{"key_bytes", "key_bytes = 3", "s.toml:6: key_bytes is 3; allowed: 4 to 250"},
          Wrong{"value_bytes", "value_bytes = 1048577", "s.toml:7: value_bytes is 1048577; allowed: 0 to 1048576"},
          Wrong{"value_bytes", "value_bytes = \"64\"", "s.toml:7: value_bytes is '64'; allowed: 0 to 1048576"},
          Wrong{"requests", "requests = 0", "s.toml:8: requests is 0; allowed: 1 to 10000000"},
          Wrong{"requests", "", "s.toml:2: 'requests' is missing"}})
        EXPECT_EQ(refused(cells(key, line)), said);
}

TEST(suite, a_cell_that_stands_twice_is_refused) {
    const std::string said = refused(cells() + cells("requests", "requests = 7"));
    EXPECT_EQ(said, "s.toml:10: the cell 'epoll/level/as_described timed set 16 64' stands twice");
}

TEST(suite, a_pattern_and_another_name_mean_variants) {
    EXPECT_EQ(parsed(cells("variant", "variant = \"epoll/*/*\"")).cells.size(), 2U);
    EXPECT_EQ(parsed(cells("variant", "variant = [\"epoll/*/*\", \"*/*/get_into\"]")).cells.size(), 2U);
    const Suite ideal = parsed(cells("variant", "variant = \"epoll/ideal\""));
    ASSERT_EQ(ideal.cells.size(), 1U);
    EXPECT_EQ(ideal.cells[0].key.variant.rung, "get_into");
    EXPECT_NE(refused(cells("variant", "variant = \"null/*/*\"")).find("uring/oneshot/as_described"), std::string::npos);
}

TEST(suite, the_cells_of_one_server_stand_together) {
    const std::string both = "variant = [\"epoll/level/get_into\", \"epoll/level/as_described\"]";
    const Suite suite = parsed(cells("variant", both) + cells("op", "op = \"get_hit\""));
    ASSERT_EQ(suite.cells.size(), 3U);
    EXPECT_EQ(suite.cells[0].key.variant, suite.cells[1].key.variant);
}

TEST(suite, a_pipeline_divides_the_requests) {
    EXPECT_EQ(parsed(cells() + "pipeline = [1, 10]\n").cells.size(), 2U);
    EXPECT_NE(refused(cells() + "pipeline = 16\n").find("no multiple of pipeline 16"), std::string::npos);
}

std::string load(const std::string& line = "") {
    return R"([[load]]
variant = "epoll/level/as_described"
build = "timed"
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = [1, 64]
duration_ms = 100
repetitions = 6
)" + line + "\n";
}

TEST(suite, a_load_table_makes_load_cells_after_the_others) {
    const Suite suite = parsed(load("open_loop_percent = 50\nzipf = 0.99\nkeys = 10") + cells());
    ASSERT_EQ(suite.cells.size(), 3U);
    EXPECT_FALSE(suite.cells[0].load);
    const Cell& last = suite.cells[2];
    EXPECT_EQ(to_string(last), "epoll/level/as_described timed get_hit 16 64 64 connections load");
    EXPECT_EQ(last.key.mode, "load");
    ASSERT_TRUE(last.load);
    EXPECT_EQ(last.load->repetitions, 6U);
    EXPECT_EQ(last.load->warm_up_ms, 25U);
    EXPECT_EQ(last.load->open_loop_percent, 50U);
    EXPECT_EQ(last.load->popularity.zipf_exponent, 0.99);
    EXPECT_EQ(last.load->key_count, 10U);
}

TEST(suite, sweeps_that_cross_make_their_common_cell_once) { EXPECT_EQ(parsed(load() + load()).cells.size(), 2U); }

TEST(suite, a_load_cell_with_other_settings_is_refused_unless_the_table_crosses) {
    const std::string longer = load("warm_up_ms = 7");
    EXPECT_NE(refused(load() + longer)
                  .find("the cell 'epoll/level/as_described timed get_hit 16 64 load' stands already with other settings"),
              std::string::npos);
    const Suite suite = parsed(load() + load("warm_up_ms = 7\ncrosses = true"));
    ASSERT_EQ(suite.cells.size(), 2U);
    EXPECT_EQ(suite.cells[0].load->warm_up_ms, 25U);
}

TEST(suite, a_foreign_server_has_a_protocol_and_is_asked_only_for_what_that_has) {
    const auto with = [](const std::string& lines, const std::string& op) {
        std::string cell = cells("op", "op = \"" + op + "\"");
        cell.replace(cell.find("epoll/level/as_described"), std::string_view("epoll/level/as_described").size(), "mine");
        return "[server.mine]\nargv = [\"x\", \"{port}\"]\n" + lines + cell;
    };
    EXPECT_EQ(parsed(with("", "mget")).servers.at("mine").protocol, ProtocolKind::memcached);
    EXPECT_EQ(parsed(with("protocol = \"resp\"\n", "set")).servers.at("mine").protocol, ProtocolKind::resp);
    const Suite http = parsed(with("protocol = \"http\"\nfiles = \"{dir}\"\nconfig = \"a {port}\"\n", "get_miss"));
    EXPECT_EQ(http.servers.at("mine").files, "{dir}");
    EXPECT_EQ(http.servers.at("mine").config, "a {port}");
    EXPECT_EQ(http.cells.at(0).key.build, "external");
    EXPECT_NE(refused(with("protocol = \"http\"\nfiles = \"{dir}\"\n", "set"))
                  .find("protocol http of server mine has no set; it has: get_hit, get_miss"),
              std::string::npos);
    EXPECT_NE(refused(with("protocol = \"gopher\"\n", "set")).find("allowed: memcached, resp, http"), std::string::npos);
    EXPECT_NE(refused(with("protocol = \"http\"\n", "get_hit")).find("needs 'files'"), std::string::npos);
    EXPECT_NE(refused(with("files = \"{dir}\"\n", "get_hit")).find("only a server of protocol http"), std::string::npos);
}

TEST(suite, what_a_load_table_may_not_say_is_refused) {
    EXPECT_NE(refused(load("seconds = 1")).find("unknown key 'seconds'"), std::string::npos);
    EXPECT_NE(refused(load("arrivals = \"bursts\"")).find("allowed: poisson, constant"), std::string::npos);
    EXPECT_NE(refused(load("pipeline = 0")).find("allowed: 1 to 1024"), std::string::npos);
    EXPECT_NE(refused("calibrate = 1\n" + load()).find("allowed: true, false"), std::string::npos);
}

TEST(suite, a_server_that_is_not_ours_is_described_and_then_named) {
    const std::string server = "[server.cache]\nargv = [\"cache\", \"-p\", \"{port}\"]\n";
    const Suite suite = parsed(server + cells("variant", "variant = \"cache\"") + load());
    ASSERT_EQ(suite.cells.size(), 3U);
    EXPECT_EQ(to_string(suite.cells[0]), "cache external set 16 64");
    ServerFolder folder;
    EXPECT_EQ(command_line(suite.servers.at("cache"), 77, folder), (std::vector<std::string>{"cache", "-p", "77"}));
    EXPECT_NE(refused("[server.cache]\nshell = \"rm\"\n" + load()).find("allowed: argv, version"), std::string::npos);
}

TEST(suite, without_cells_or_description_is_refused) {
    EXPECT_EQ(refused(""), "s.toml:1: 'cells' is missing");
    EXPECT_EQ(refusal(ExitCode::usage, [] { parse_suite(cells(), "s", "s.toml", variants); }),
              "s.toml:1: 'description' is missing");
}

TEST(suite, an_unknown_name_is_refused_with_the_suites_there_are) {
    const std::string said = refusal(ExitCode::usage, [] { load_suite("sead", variants); });
    EXPECT_TRUE(said.starts_with("'sead' is neither a suite nor a file; suites:")) << said;
    ASSERT_FALSE(built_in_suites().empty());
    for (const BuiltInSuite& suite : built_in_suites())
        EXPECT_NE(said.find(fmt::format("\n  {}", suite.name)), std::string::npos) << said;
}

TEST(suite, a_file_is_a_suite_of_its_stem) {
    const TemporaryFolder folder;
    const auto path = folder.write("mine.toml", "description = \"d\"\n" + cells());
    EXPECT_EQ(load_suite(path, variants).name, "mine");
    folder.write("mine.toml", "description = 1\n");
    EXPECT_EQ(refusal(ExitCode::usage, [&] { load_suite(path, variants); }),
              path.string() + ":1: description is 1; allowed: text");
}

}  // namespace
}  // namespace tare
