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

// `text` with another line in the place of one of its own.
std::string with_line(const std::string& line, const std::string& other, std::string text) {
    return text.replace(text.find(line), line.size(), other);
}

Suite parsed(const std::string& text) { return parse_suite("description = \"d\"\n" + text, "s", "s.toml", variants); }

std::string refused(const std::string& text) {
    return refusal(ExitCode::usage, [&] { parsed(text); });
}

TEST(suite, a_variant_of_servers_that_are_not_installed_is_refused_with_what_is_missing) {
    VariantNames none;
    none.missing = "tare-server is missing";
    EXPECT_EQ(refusal(ExitCode::cannot_measure, [&] { parse_suite("description = \"d\"\n" + cells(), "s", "s.toml", none); }),
              "variant is 'epoll/level/as_described', but tare-server is missing");
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
              "call_sites, wrappers, connections");
    EXPECT_EQ(refused("title = \"t\"\n" + cells()),
              "s.toml:2: unknown key 'title'; allowed: description, include, case_study, claims, calibrate, timeout_s, counter, "
              "protocol, server, client, command, cells, load, contrast");
}

std::string contrast(const std::string& key = "", const std::string& line = "") {
    const std::array<std::array<std::string, 2>, 6> lines{
        {{"name", "name = \"c\""},
         {"subjects", "subjects = [\"uring/oneshot/as_described\", \"epoll/ideal\"]"},
         {"op", "op = \"get_hit\""},
         {"key_bytes", "key_bytes = 16"},
         {"value_bytes", "value_bytes = 64"},
         {"connections", "connections = 64"}}};
    std::string text = "[[contrast]]\n";
    for (const auto& [name, standing] : lines) text += (name == key ? line : standing) + "\n";
    return text;
}

TEST(suite, a_contrast_holds_timed_subjects_in_the_order_in_which_they_are_named) {
    const Suite suite = parsed(contrast());
    EXPECT_TRUE(suite.cells.empty());
    ASSERT_EQ(suite.contrasts.size(), 1U);
    const Contrast& parsed_contrast = suite.contrasts.front();
    EXPECT_EQ(to_string(parsed_contrast), "contrast c");
    ASSERT_EQ(parsed_contrast.subjects.size(), 2U);
    EXPECT_EQ(to_string(parsed_contrast.subjects[0]), "uring/oneshot/as_described timed get_hit 16 64 64 connections load");
    EXPECT_EQ(to_string(parsed_contrast.subjects[1]), "epoll/level/get_into timed get_hit 16 64 64 connections load");
    EXPECT_EQ(parsed_contrast.precision, 0.02);
    EXPECT_EQ(parsed_contrast.budget_s, 30U);
    EXPECT_EQ(parsed_contrast.slice_ms, 20U);
    EXPECT_EQ(parsed_contrast.subjects[0].load->duration_ms, 20U);
    EXPECT_EQ(parsed_contrast.subjects[0].load->warm_up_ms, 40U);
    const std::vector<ContrastArm> arms = arms_of(parsed_contrast);
    ASSERT_EQ(arms.size(), 3U);
    EXPECT_EQ(arms[0].role, ContrastRole::first);
    EXPECT_EQ(arms[1].role, ContrastRole::other);
    EXPECT_EQ(arms[2].role, ContrastRole::control);
    EXPECT_EQ(arms[2].cell, arms[0].cell);
}

TEST(suite, a_contrast_of_several_workloads_is_one_for_each_named_apart) {
    const Suite suite =
        parsed(contrast() + "pipeline = [1, 16]\nprecision = 0.05\nbudget_s = 9\nslice_ms = 60\nwarm_up_ms = 10\n");
    ASSERT_EQ(suite.contrasts.size(), 2U);
    EXPECT_EQ(suite.contrasts[0].name, "c, pipeline 1");
    EXPECT_EQ(suite.contrasts[1].name, "c, pipeline 16");
    EXPECT_EQ(suite.contrasts[1].subjects.size(), 2U);
    EXPECT_EQ(suite.contrasts[1].workload().pipeline, 16U);
    EXPECT_EQ(suite.contrasts[1].precision, 0.05);
    EXPECT_EQ(suite.contrasts[1].budget_s, 9U);
    EXPECT_EQ(suite.contrasts[1].slice_ms, 60U);
    EXPECT_EQ(suite.contrasts[1].subjects[1].load->warm_up_ms, 10U);
}

TEST(suite, a_contrast_may_name_a_server_of_the_suite_and_a_pattern_behind_its_first) {
    const Suite suite = parsed("[server.mine]\nargv = [\"mine\", \"{port}\"]\n" +
                               contrast("subjects", "subjects = [\"mine\", \"epoll/level/get_into\", \"epoll/*/*\"]"));
    const auto& subjects = suite.contrasts.front().subjects;
    ASSERT_EQ(subjects.size(), 3U);
    EXPECT_TRUE(subjects[0].external());
    EXPECT_EQ(to_string(subjects[1].key.variant), "epoll/level/get_into");
    EXPECT_EQ(to_string(subjects[2].key.variant), "epoll/level/as_described");
}

TEST(suite, what_a_contrast_may_not_say_is_refused_with_its_line) {
    EXPECT_EQ(refused(contrast() + "duration_ms = 3\n"),
              "s.toml:9: unknown key 'duration_ms'; allowed: name, subjects, op, key_bytes, value_bytes, connections, pipeline, "
              "keys, zipf, warm_up_ms, precision, budget_s, slice_ms, client_io");
    EXPECT_EQ(refused(contrast("subjects", "subjects = [\"epoll/ideal\", \"epoll/level/get_into\"]")),
              "s.toml:4: subjects are 1; allowed: 2 to 8 different ones");
    EXPECT_EQ(refused(contrast("subjects", "subjects = [\"epoll/ideal\", \"nobody\"]")),
              "s.toml:4: subjects is 'nobody', which is none of: epoll/level/as_described, epoll/level/get_into, "
              "uring/oneshot/as_described");
    EXPECT_EQ(refused(contrast("subjects", "variant = \"epoll/ideal\"")).substr(0, 26), "s.toml:4: unknown key 'var");
    EXPECT_EQ(refused(contrast("name", "name = \"\"")), "s.toml:3: name is one line of text, not empty");
    EXPECT_EQ(refused(contrast("name")), "s.toml:2: 'name' is missing");
    EXPECT_EQ(refused(contrast() + contrast()), "s.toml:10: the contrast 'c' stands twice");
    EXPECT_EQ(refused(contrast("op", "op = \"delete\"")).substr(0, 20), "s.toml:5: op is 'del");
    EXPECT_EQ(refused(contrast() + "precision = 0\n"),
              "s.toml:9: precision is 0; allowed: above 0, up to 0.5, as a share of the ratio");
    EXPECT_EQ(refused(contrast() + "precision = 2\n"),
              "s.toml:9: precision is 2; allowed: above 0, up to 0.5, as a share of the ratio");
    EXPECT_EQ(refused(contrast() + "budget_s = 0\n"), "s.toml:9: budget_s is 0; allowed: 1 to 3600");
    EXPECT_EQ(refused(contrast() + "slice_ms = 2\n"), "s.toml:9: slice_ms is 2; allowed: 5 to 1000");
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
    EXPECT_EQ(last.key.mode, Mode::load);
    ASSERT_TRUE(last.load);
    EXPECT_EQ(last.load->repetitions, 6U);
    EXPECT_EQ(last.load->warm_up_ms, 25U);
    EXPECT_EQ(last.load->open_loop_percent, 50U);
    EXPECT_EQ(last.load->popularity.zipf_exponent, 0.99);
    EXPECT_EQ(last.load->key_count, 10U);
}

TEST(suite, a_load_table_says_by_what_its_client_sends_and_receives) {
    EXPECT_EQ(parsed(load()).cells[0].load->client_io, ClientIo::automatic);
    EXPECT_EQ(parsed(load("client_io = \"auto\"")).cells[0].load->client_io, ClientIo::automatic);
    EXPECT_EQ(parsed(load("client_io = \"io_uring\"")).cells[0].load->client_io, ClientIo::io_uring);
    EXPECT_EQ(parsed(load("client_io = \"epoll\"")).cells[1].load->client_io, ClientIo::epoll);
    EXPECT_EQ(refused(load("client_io = \"kqueue\"")), "s.toml:11: client_io is 'kqueue'; allowed: auto, io_uring, epoll");
    // A cell is measured one way.
    EXPECT_NE(refused(load() + load("client_io = \"epoll\"")).find("stands already with other settings"), std::string::npos);
    const std::string udp =
        "[protocol.line.get]\nrequest = \"x\"\ndatagram = true\n"
        "[server.dns]\nargv = [\"dns\"]\nprotocol = \"line\"\ntransport = \"udp\"\n";
    std::string table = load("client_io = \"io_uring\"");
    table.replace(table.find("epoll/level/as_described"), std::string("epoll/level/as_described").size(), "dns");
    table.replace(table.find("get_hit"), std::string("get_hit").size(), "get");
    EXPECT_NE(refused(udp + table).find("requests of transport udp are sent by epoll"), std::string::npos)
        << refused(udp + table);
    EXPECT_EQ(parsed(contrast()).contrasts[0].subjects[1].load->client_io, ClientIo::automatic);
    EXPECT_EQ(parsed(contrast() + "client_io = \"epoll\"\n").contrasts[0].subjects[1].load->client_io, ClientIo::epoll);
    const std::string alike = udp + "[server.name]\nargv = [\"name\"]\nprotocol = \"line\"\ntransport = \"udp\"\n";
    const std::string two = contrast("subjects", "subjects = [\"dns\", \"name\"]");
    std::string by_uring = two + "client_io = \"io_uring\"\n";
    by_uring.replace(by_uring.find("get_hit"), std::string("get_hit").size(), "get");
    EXPECT_NE(refused(alike + by_uring).find("requests of transport udp are sent by epoll"), std::string::npos)
        << refused(alike + by_uring);
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
    EXPECT_EQ(parsed(with("", "mget")).servers.at("mine").protocol.kind, ProtocolKind::memcached);
    EXPECT_EQ(parsed(with("protocol = \"resp\"\n", "set")).servers.at("mine").protocol.kind, ProtocolKind::resp);
    const Suite http = parsed(with("protocol = \"http\"\nfiles = \"{dir}\"\nconfig = \"a {port}\"\n", "get_miss"));
    EXPECT_EQ(http.servers.at("mine").files, "{dir}");
    EXPECT_EQ(http.servers.at("mine").config, "a {port}");
    EXPECT_EQ(http.cells.at(0).key.build, Build::external);
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
    for (const char* const exponent : {"-1", "nan", "inf", "1e300", "-0.1"})
        EXPECT_NE(refused(load(std::string("zipf = ") + exponent)).find("allowed: a number from 0 to 100"), std::string::npos);
    EXPECT_NE(
        refused(with_line("key_bytes = 16", "key_bytes = 4", load("keys = 10000"))).find("10000 keys need 5 bytes at least"),
        std::string::npos);
}

TEST(suite, the_name_of_a_server_is_no_path_and_no_variant) {
    for (const char* const name : {"a/b", "two words", ""}) {
        EXPECT_NE(refused("[server.\"" + std::string(name) + "\"]\nargv = \"true\"\n" + load()).find("is no name for a server"),
                  std::string::npos);
    }
    EXPECT_NE(refused("[server.\"epoll/ideal\"]\nargv = \"true\"\n" + load()).find("is no name for a server"), std::string::npos);
}

TEST(suite, more_cells_than_anybody_runs_are_refused) {
    const auto numbers = [](int low, int high) {
        std::string list;
        for (int number = low; number <= high; ++number) list += std::to_string(number) + ", ";
        return "[" + list + "]";
    };
    const auto table = [&](int sizes) {
        return with_line("key_bytes = 16", "key_bytes = " + numbers(21, 120),
                         cells("value_bytes", "value_bytes = " + numbers(1, sizes)));
    };
    EXPECT_EQ(parsed(table(1000)).cells.size(), 100'000U);
    EXPECT_NE(refused(table(1001)).find("the suite has more than 100000 cells"), std::string::npos);
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
    EXPECT_TRUE(said.starts_with("'sead' is neither a suite nor a file\nsuites:")) << said;
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

TEST(suite, counters_have_names_of_their_own_and_functions_or_a_usdt_probe) {
    const Suite suite =
        parsed("[counter.locks]\nfunctions = [\"pthread_mutex_lock\", \"lock\"]\n[counter.entries]\nusdt = \"a:b\"\n" + cells());
    ASSERT_EQ(suite.counters.size(), 2U);
    EXPECT_EQ(suite.counters[0], (UserCounter{"entries", {}, "a:b"}));
    EXPECT_EQ(suite.counters[1], (UserCounter{"locks", {"pthread_mutex_lock", "lock"}, ""}));
    EXPECT_NE(refused("[counter.syscalls]\nfunctions = \"read\"\n" + cells()).find("s.toml:2"), std::string::npos);
    EXPECT_NE(refused("[counter.locks]\nfunction = \"read\"\n" + cells()).find("function"), std::string::npos);
    EXPECT_NE(refused("[counter.locks]\nusdt = \"read\"\n" + cells()).find("provider:name"), std::string::npos);
}

TEST(suite, a_command_is_counted_before_it_is_timed) {
    const Suite suite =
        parsed("[command.tool]\nargv = [\"{root}/tool\", \"x\"]\nruns = 3\nrepetitions = 5\nenv = { A = \"1\" }\n");
    ASSERT_EQ(suite.cells.size(), 2U);
    EXPECT_EQ(to_string(suite.cells[0]), "tool command");
    EXPECT_EQ(suite.cells[0].command->count, 3U);
    EXPECT_EQ(suite.cells[0].passes(), 0U);
    EXPECT_EQ(to_string(suite.cells[1]), "tool command timed");
    EXPECT_EQ(suite.cells[1].passes(), 5U);
    const CommandSubject& command = suite.commands.at("tool");
    EXPECT_TRUE(needs_root(command));
    EXPECT_EQ(command.setting.variables, std::vector<std::string>{"A=1"});
}

TEST(suite, what_a_command_may_not_be_is_refused_with_its_line) {
    EXPECT_NE(refused("[command.tool]\nargv = []\n").find("s.toml:3"), std::string::npos);
    EXPECT_NE(refused("[command.tool]\nargv = [\"a\"]\nruns = 0\n").find("runs"), std::string::npos);
    EXPECT_NE(refused("[command.\"a tool\"]\nargv = [\"a\"]\n").find("no name"), std::string::npos);
}

}  // namespace
}  // namespace tare
