// SPDX-License-Identifier: Apache-2.0
// COMPLETE tells a whole run from a partial or changed one, whichever byte it is, and is what sha256sum reads.
#include "run/complete.h"

#include <gtest/gtest.h>

#include "harness/process/subprocess.h"
#include "run/csv.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

const std::vector<std::string> names{"observations.csv", "environment.json"};

class Complete : public testing::Test {
protected:
    Complete() {
        folder_.write("observations.csv", "run,server\nr,epoll\n");
        folder_.write("environment.json", "{\"run\": \"r\"}\n");
        write_complete(folder_.path(), names);
    }
    std::string refused() const {
        return refusal(ExitCode::data_refused, [&] { verify_complete(folder_.path(), names); });
    }

    TemporaryFolder folder_;
};

TEST(sha256, of_a_known_text) {
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(Complete, a_whole_folder_is_accepted_with_all_its_names) {
    EXPECT_EQ(verify_complete(folder_.path(), {"observations.csv"}),
              (std::vector<std::string>{"environment.json", "observations.csv"}));
}

TEST_F(Complete, sha256sum_agrees) {
    const std::string said = output_of({"env", "-C", folder_.path(), "sha256sum", "-c", "--strict", complete_name});
    EXPECT_EQ(said, "observations.csv: OK\nenvironment.json: OK\n");
    folder_.write("environment.json", "{}");
    refusal(ExitCode::run_failed, [&] { output_of({"env", "-C", folder_.path(), "sha256sum", "-c", complete_name}); });
}

TEST_F(Complete, a_flip_of_any_byte_of_any_file_is_refused) {
    for (const std::string& name : {names[0], names[1], std::string(complete_name)}) {
        const std::string whole = read_file(folder_.path() / name);
        for (std::size_t offset = 0; offset < whole.size(); ++offset) {
            SCOPED_TRACE(name + " at " + std::to_string(offset));
            std::string changed = whole;
            changed[offset] = static_cast<char>(changed[offset] ^ 1);
            folder_.write(name, changed);
            refused();
        }
        folder_.write(name, whole);
    }
    verify_complete(folder_.path(), names);
}

TEST_F(Complete, a_file_cut_at_any_length_is_refused) {
    for (const std::string& name : {names[0], names[1], std::string(complete_name)}) {
        const std::string whole = read_file(folder_.path() / name);
        for (std::size_t size_bytes = 0; size_bytes < whole.size(); ++size_bytes) {
            SCOPED_TRACE(name + " of " + std::to_string(size_bytes));
            folder_.write(name, whole.substr(0, size_bytes));
            refused();
        }
        folder_.write(name, whole);
    }
}

TEST_F(Complete, a_file_that_grew_is_refused_by_name) {
    folder_.write("observations.csv", read_file(folder_.path() / "observations.csv") + "\n");
    EXPECT_NE(refused().find("observations.csv: differs from its sum"), std::string::npos);
}

TEST_F(Complete, a_folder_without_complete_is_partial) {
    std::filesystem::remove(folder_.path() / complete_name);
    EXPECT_NE(refused().find("no COMPLETE: the run is partial"), std::string::npos);
}

TEST_F(Complete, a_listed_file_that_is_missing_is_refused) {
    std::filesystem::remove(folder_.path() / "environment.json");
    EXPECT_NE(refused().find("environment.json"), std::string::npos);
}

TEST_F(Complete, a_file_that_is_not_listed_is_refused) {
    write_complete(folder_.path(), {"environment.json"});
    EXPECT_NE(refused().find("COMPLETE does not list observations.csv"), std::string::npos);
}

TEST_F(Complete, a_file_listed_twice_or_outside_the_folder_is_refused) {
    const std::string whole = read_file(folder_.path() / complete_name);
    folder_.write(complete_name, whole + whole);
    EXPECT_NE(refused().find("malformed line"), std::string::npos);
    for (const char* const name : {"../elsewhere", "/etc/passwd", "figures/../../elsewhere", "./a", "figures/"}) {
        SCOPED_TRACE(name);
        folder_.write(complete_name, whole + sha256_hex("") + "  " + name + "\n");
        EXPECT_NE(refused().find("malformed line"), std::string::npos);
    }
}

TEST_F(Complete, a_file_in_a_folder_of_the_run_is_summed) {
    std::filesystem::create_directory(folder_.path() / "figures");
    folder_.write("figures/a.svg", "<svg/>");
    const std::vector<std::string> all{"environment.json", "figures/a.svg", "observations.csv"};
    write_complete(folder_.path(), all);
    EXPECT_EQ(verify_complete(folder_.path(), all), all);
    folder_.write("figures/a.svg", "<svg />");
    refusal(ExitCode::data_refused, [&] { verify_complete(folder_.path(), all); });
}

}  // namespace
}  // namespace tare
