// SPDX-License-Identifier: Apache-2.0
// What a user names is written to and stays what it is. Devices and the standard streams are for the end-to-end test, which has a
// /dev of its own.
#include "core/output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <thread>

#include "run/csv.h"
#include "tests/file_size_limit.h"
#include "tests/refusal.h"
#include "tests/temporary_folder.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

struct stat status_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status;
}

TEST(output, a_new_file_is_made_when_it_is_written_and_not_before) {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "new";
    {
        Output output(path);
        EXPECT_FALSE(fs::exists(path));
        output.write("text\n");
    }
    EXPECT_EQ(read_file(path), "text\n");
    { const Output unused(folder.path() / "unused"); }
    EXPECT_FALSE(fs::exists(folder.path() / "unused"));
}

TEST(output, a_file_keeps_its_mode_its_owner_and_its_other_names) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("secret", "a longer old content");
    const fs::path other = folder.path() / "other";
    fs::create_hard_link(path, other);
    ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
    if (::geteuid() == 0) {
        ASSERT_EQ(::chown(path.c_str(), 12, 34), 0);
    }
    const struct stat before = status_of(path);
    Output(path).write("new");
    const struct stat after = status_of(path);
    EXPECT_EQ(after.st_ino, before.st_ino);
    EXPECT_EQ(after.st_mode, before.st_mode);
    EXPECT_EQ(after.st_uid, before.st_uid);
    EXPECT_EQ(after.st_gid, before.st_gid);
    EXPECT_EQ(read_file(other), "new");
}

TEST(output, links_are_followed_also_to_what_is_not_there_yet) {
    const TemporaryFolder folder;
    folder.write("target", "old");
    fs::create_symlink("target", folder.path() / "link");
    fs::create_symlink("link", folder.path() / "link_to_link");
    fs::create_symlink("fresh", folder.path() / "dangling");
    Output(folder.path() / "link_to_link").write("new");
    Output(folder.path() / "dangling").write("made");
    EXPECT_EQ(read_file(folder.path() / "target"), "new");
    EXPECT_EQ(read_file(folder.path() / "fresh"), "made");
    for (const char* const link : {"link", "link_to_link", "dangling"}) EXPECT_TRUE(fs::is_symlink(folder.path() / link));
}

TEST(output, a_full_disk_leaves_the_old_content_and_no_new_file) {
    const TemporaryFolder folder;
    const fs::path old = folder.write("old", "old");
    const fs::path fresh = folder.path() / "fresh";
    const FileSizeLimit limit(4096);
    for (const fs::path& path : {old, fresh}) {
        const std::string said = refusal(ExitCode::run_failed, [&] { Output(path).write(std::string(10000, 'n')); });
        EXPECT_NE(said.find("--output " + path.string() + ": File too large"), std::string::npos) << said;
    }
    EXPECT_EQ(read_file(old), "old");
    EXPECT_FALSE(fs::exists(fresh));
}

TEST(output, a_fifo_stays_one_and_its_reader_is_served_even_if_it_comes_late) {
    const TemporaryFolder folder;
    const fs::path path = folder.path() / "fifo";
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    const std::string text(300'000, 'x');  // more than a pipe holds
    std::string read;
    {
        const std::jthread reader([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            read = read_file(path);
        });
        Output(path).write(text);
    }
    EXPECT_EQ(read, text);
    EXPECT_TRUE(fs::is_fifo(path));
}

TEST(output, a_descriptor_by_its_path_goes_on_where_it_stands) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("log", "");
    const OwnedFd file{::open(path.c_str(), O_WRONLY)};
    ASSERT_EQ(::write(file.get(), "before\n", 7), 7);
    fs::create_symlink("/proc/self/fd/" + std::to_string(file.get()), folder.path() / "link");
    Output(folder.path() / "link").write("by its path\n");
    ASSERT_EQ(::write(file.get(), "after\n", 6), 6);
    EXPECT_EQ(read_file(path), "before\nby its path\nafter\n");
    const OwnedFd reading{::open(path.c_str(), O_RDONLY)};
    const std::string said = refusal(ExitCode::usage, [&] { Output("/proc/self/fd/" + std::to_string(reading.get())); });
    EXPECT_NE(said.find("not open for writing"), std::string::npos) << said;
}

TEST(output, what_was_removed_or_replaced_meanwhile_is_written_under_its_name) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("out", "old");
    Output removed(path);
    fs::remove(path);
    removed.write("made again");
    EXPECT_EQ(read_file(path), "made again");
    Output replaced(path);
    fs::rename(path, folder.path() / "kept");
    folder.write("out", "another's");
    replaced.write("mine");
    EXPECT_EQ(read_file(path), "mine");
    EXPECT_EQ(read_file(folder.path() / "kept"), "made again");
}

TEST(output, what_cannot_be_written_is_refused_before_anything_is_measured) {
    const TemporaryFolder folder;
    folder.write("file", "");
    sockaddr_un address{AF_UNIX, {}};
    const std::string socket_path = folder.path() / "socket";
    socket_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    const OwnedFd socket{::socket(AF_UNIX, SOCK_STREAM, 0)};
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    const std::array<std::pair<fs::path, const char*>, 5> refused{{{folder.path(), "Is a directory"},
                                                                   {folder.path() / "none" / "file", "No such file"},
                                                                   {folder.path() / "file" / "below", "Not a directory"},
                                                                   {folder.path() / std::string(300, 'n'), "File name too long"},
                                                                   {socket_path, "is a socket"}}};
    for (const auto& each : refused) {
        const std::string said = refusal(ExitCode::usage, [&] { Output(each.first, "--histogram"); });
        EXPECT_EQ(said.find("--histogram " + each.first.string()), 0U) << said;
        EXPECT_NE(said.find(each.second), std::string::npos) << said;
    }
}

TEST(output, two_outputs_in_one_file_are_refused_and_one_that_fails_keeps_no_other_back) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("file", "");
    fs::create_hard_link(path, folder.path() / "same");
    const auto refuse = [](const fs::path& left, const fs::path& right) {
        const Output one(left, "--output"), other(right, "--folded");
        refuse_one_file_for_two(std::array<const Output*, 2>{&one, &other});
    };
    for (const auto& both : {std::pair{path, folder.path() / "same"}, {folder.path() / "new", folder.path() / "." / "new"}})
        EXPECT_NE(refusal(ExitCode::usage, [&] { refuse(both.first, both.second); }).find("are one file"), std::string::npos);
    refuse(path, folder.path() / "new");
    Output full(path), other(folder.path() / "other");
    const FileSizeLimit limit(4096);
    const std::array<std::pair<Output*, std::string>, 2> texts{{{&full, std::string(10000, 'n')}, {&other, "kept"}}};
    EXPECT_NE(refusal(ExitCode::run_failed, [&] { write_each(texts); }).find("File too large"), std::string::npos);
    EXPECT_EQ(read_file(folder.path() / "other"), "kept");
}

TEST(output, appending_keeps_what_is_there) {
    const TemporaryFolder folder;
    const fs::path path = folder.write("summary", "before\n");
    Output::appending(path, "--step-summary").write("after\n");
    EXPECT_EQ(read_file(path), "before\nafter\n");
}

}  // namespace
}  // namespace tare
