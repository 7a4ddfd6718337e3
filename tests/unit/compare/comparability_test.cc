// SPDX-License-Identifier: Apache-2.0
// What `tare compare` refuses: each field of a real run's environment changed alone, and each byte of a run flipped or cut.
#include "analysis/compare/comparability.h"

#include <gtest/gtest.h>

#include <fstream>

#include "analysis/compare/formats/formats.h"
#include "run/csv.h"
#include "tests/refusal.h"
#include "tests/unit/compare/made_up_comparison.h"

namespace tare {
namespace {

using compare::differences;
using compare::forced_differences;
using nlohmann::json;

json reference() { return json::parse(read_file(std::string(SOURCE_FOLDER) + "/results/reference/environment.json")); }

// Another value of the same type.
json changed(const json& value) {
    if (value.is_boolean()) return !value.get<bool>();
    if (value.is_string()) return value.get<std::string>() + "'";
    return value.get<double>() + 1;
}

// "/machine/kernel", "/probes/3/status": every value that is neither list nor object.
std::vector<std::string> leaves() {
    std::vector<std::string> paths;
    const json flat = reference().flatten();
    for (const auto& [path, value] : flat.items()) {
        if (value.is_primitive() && !value.is_null()) paths.push_back(path);
    }
    return paths;
}

// Free for one change of its value, and only these: each must be in the list with a reason.
bool free_by_design(const std::string& path) {
    for (const char* const name : {"/run", "/schema", "/started_at", "/duration_s", "/command", "/tare/", "/probe_cost/",
                                   "/calibration/", "/order_seed", "/subject/"}) {
        if (path.starts_with(name)) return true;
    }
    return false;
}

TEST(comparability, each_recorded_field_changed_alone_is_refused_by_name) {
    std::size_t refused = 0;
    for (const std::string& path : leaves()) {
        SCOPED_TRACE(path);
        json head = reference();
        json& value = head.at(json::json_pointer(path));
        value = changed(value);
        const auto found = differences(reference(), head);
        if (free_by_design(path)) {
            EXPECT_TRUE(found.empty());
            continue;
        }
        ++refused;
        // A probe that changes its name is another probe, and the old one is gone.
        const bool renamed = path.starts_with("/probes/") && path.ends_with("/name");
        ASSERT_EQ(found.size(), renamed ? 4U : 1U);
        const std::string said = refusal(ExitCode::data_refused, [&] { forced_differences(reference(), head, {}); });
        EXPECT_NE(said.find(found.front().name), std::string::npos);
        if (!path.starts_with("/probes/")) {
            std::string name = path.substr(1);
            std::replace(name.begin(), name.end(), '/', '.');
            EXPECT_EQ(found.front().name, name);
        }
    }
    // The reference run has machine, mitigations, build, libraries, pinning, probes, settings and suite.
    EXPECT_GT(refused, 60U);
}

TEST(comparability, each_field_that_one_run_lacks_is_refused_by_name) {
    const json whole = reference();
    for (const auto& [key, value] : whole.items()) {
        SCOPED_TRACE(key);
        json head = reference();
        head.erase(key);
        const bool is_free = key == "warnings" || free_by_design("/" + key + "/") || free_by_design("/" + key);
        EXPECT_EQ(differences(reference(), head).empty(), is_free);
        EXPECT_EQ(differences(head, reference()).empty(), is_free);
    }
}

TEST(comparability, each_free_field_has_its_reason) {
    for (const compare::FreeField& field : compare::free_fields()) EXPECT_GT(field.why.size(), 10U) << field.name;
}

TEST(comparability, a_field_that_nobody_knew_yet_is_refused) {
    json head = reference();
    head["governor"] = "powersave";
    EXPECT_EQ(differences(reference(), head).front().name, "governor");
    head = reference();
    head["machine"]["kernel"] = "(missing)";
    EXPECT_EQ(differences(reference(), head).size(), 1U);
}

TEST(comparability, a_probe_is_known_by_its_name_wherever_it_stands) {
    json head = reference();
    std::swap(head["probes"][0], head["probes"][1]);
    EXPECT_TRUE(differences(reference(), head).empty());
    head["probes"][0]["status"] = "absent:no permission";
    EXPECT_EQ(differences(reference(), head).front().name, "probes.queue_operations.status");
}

TEST(comparability, force_lets_a_field_and_what_is_under_it_pass) {
    json head = reference();
    head["machine"]["kernel"] = "Linux 7";
    head["machine"]["mitigations"]["mds"] = "Vulnerable";
    EXPECT_EQ(forced_differences(reference(), head, {"machine"}).size(), 2U);
    const std::string said = refusal(ExitCode::data_refused, [&] { forced_differences(reference(), head, {"machine.kernel"}); });
    EXPECT_EQ(said.find("machine.kernel:"), std::string::npos);
    EXPECT_NE(said.find("machine.mitigations.mds: base 'Not affected', head 'Vulnerable'"), std::string::npos);
    EXPECT_NE(refusal(ExitCode::usage, [&] { forced_differences(reference(), head, {"machine.kernle"}); }).find("kernle"),
              std::string::npos);
}

class Runs : public testing::Test {
protected:
    Runs() {
        for (MadeUpFolder* const run : {&runs_.base, &runs_.head}) run->count(Source::ledger, {"syscalls", ""}, 3);
    }
    std::string refused() const {
        return refusal(ExitCode::data_refused, [&] { runs_.compared(); });
    }
    MadeUpComparison runs_;
};

TEST_F(Runs, another_schema_is_refused_and_cannot_be_forced) {
    for (const json& schema : {json(1), json(3), json("2"), json(nullptr)}) {
        runs_.head.environment["schema"] = schema;
        runs_.base.environment["schema"] = schema;
        runs_.forced = {"schema"};
        EXPECT_NE(refused().find("schema is"), std::string::npos);
    }
}

TEST_F(Runs, force_watermarks_every_format) {
    runs_.base.environment["machine"] = {{"kernel", "Linux 6"}};
    runs_.head.environment["machine"] = {{"kernel", "Linux 7"}};
    EXPECT_NE(refused().find("machine.kernel"), std::string::npos);
    runs_.head.count(Source::bpf, {"syscalls", ""}, 4);
    runs_.base.count(Source::bpf, {"syscalls", ""}, 3);
    runs_.forced = {"machine.kernel"};
    const compare::Comparison comparison = runs_.compared();
    for (const compare::Format& format : compare::formats) {
        SCOPED_TRACE(format.name);
        EXPECT_NE(format.write(comparison).find("machine.kernel"), std::string::npos);
    }
}

TEST_F(Runs, a_quantity_that_stands_twice_is_refused) {
    runs_.head.count(Source::ledger, {"syscalls", ""}, 3);
    EXPECT_NE(refused().find("stands twice"), std::string::npos);
}

// A run with what `tare report` derives, every byte of each file: the folder is refused, and taken again when it is mended.
TEST_F(Runs, each_byte_flipped_and_each_length_cut_is_refused) {
    const compare::Gate gate = compare::parse_gate("", "gate.toml");
    const std::filesystem::path base = runs_.base.written();
    const std::filesystem::path head = runs_.head.written();
    const TemporaryFolder& folder = runs_.head.folder;
    folder.write("claims.csv", "claim\n");
    folder.write("report.md", "# r\n");
    const std::vector<std::string> names{"observations.csv", "environment.json", "claims.csv", "report.md"};
    write_complete(head, names);
    const auto compared = [&] { compare::compare_runs(base, head, gate, {}); };
    compared();
    std::size_t tried = 0;
    for (std::string name : {"observations.csv", "environment.json", "claims.csv", "report.md", "COMPLETE"}) {
        const std::string whole = read_file(head / name);
        for (std::size_t offset = 0; offset < whole.size(); ++offset, ++tried) {
            SCOPED_TRACE(name + " at " + std::to_string(offset));
            std::string flipped = whole;
            flipped[offset] = static_cast<char>(flipped[offset] ^ 1);
            folder.write(name, flipped);
            refusal(ExitCode::data_refused, compared);
            folder.write(name, whole.substr(0, offset));
            refusal(ExitCode::data_refused, compared);
        }
        folder.write(name, whole);
    }
    compared();
    EXPECT_GT(tried, 700U);
    std::filesystem::remove(head / "COMPLETE");
    EXPECT_NE(refusal(ExitCode::data_refused, compared).find("partial"), std::string::npos);
}

}  // namespace
}  // namespace tare
