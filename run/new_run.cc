// SPDX-License-Identifier: Apache-2.0
#include "run/new_run.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <regex>
#include <utility>

#include "core/error.h"
#include "run/atomic_file.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view suffix = ".partial";
constexpr std::chrono::hours leftover_age_least{1};  // a run is written within seconds

fs::path hidden_name(const fs::path& results, const std::string& id) { return results / fmt::format(".{}{}", id, suffix); }

OwnedFd open_folder(const fs::path& folder) {
    return OwnedFd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)};
}

// Whether `path` still names what is open: another may have removed it before it was locked.
bool is_still_at(const OwnedFd& opened, const fs::path& path) {
    struct stat here {};
    struct stat there {};
    return ::fstat(opened.get(), &here) == 0 && ::lstat(path.c_str(), &there) == 0 && here.st_dev == there.st_dev &&
           here.st_ino == there.st_ino;
}

bool is_ours(const OwnedFd& folder) {
    struct stat status {};
    return ::fstat(folder.get(), &status) == 0 && status.st_uid == ::geteuid();
}

// Whether it is what a killed tare left and nobody else's: named after a run, with files of a run alone, and not written to for
// so long that no tare is at it, also one that knows no lock or stands on another machine.
bool is_leftover(const fs::path& folder) {
    static const std::regex hidden_run(R"(\.[A-Za-z0-9_.+-]+-\d{8}T\d{6}Z(-\d+)?\.partial)");
    static const std::regex file_of_run(
        R"(\.?(observations|histograms|contrasts)\.csv.*|\.?environment\.json.*|\.?COMPLETE.*|\.?call_sites\.folded.*|\.?claims\.toml.*)");
    if (!std::regex_match(folder.filename().string(), hidden_run) || !fs::is_directory(fs::symlink_status(folder))) return false;
    std::error_code error;
    if (fs::file_time_type::clock::now() - fs::last_write_time(folder, error) < leftover_age_least || error) return false;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (!std::regex_match(entry.path().filename().string(), file_of_run)) return false;
    }
    return !error;
}

void remove_leftovers(const fs::path& results) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(results, error)) {
        if (!is_leftover(entry.path())) continue;
        const OwnedFd folder = open_folder(entry.path());
        if (!folder || !is_ours(folder) || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
        std::error_code ignored;  // the next one tries again
        if (is_still_at(folder, entry.path())) fs::remove_all(entry.path(), ignored);
    }
}

// The lock on the folder of this id, now made; nothing when the id is another's.
std::optional<OwnedFd> claim(const fs::path& results, const std::string& id) {
    const fs::path folder = hidden_name(results, id);
    if (::mkdir(folder.c_str(), 0777) != 0) {
        if (errno == EEXIST) return std::nullopt;
        throw system_failed("make " + folder.string());
    }
    OwnedFd lock = open_folder(folder);
    int locked = -1;
    do locked = lock ? ::flock(lock.get(), LOCK_EX) : -1;
    while (lock && locked != 0 && errno == EINTR);
    if (locked != 0 && errno != ENOENT) throw system_failed("lock " + folder.string());
    if (locked != 0 || !is_still_at(lock, folder)) return std::nullopt;  // taken for a leftover meanwhile
    // Only the owner of the hidden name publishes the other, so that one that is not there now stays free.
    if (fs::symlink_status(results / id).type() == fs::file_type::not_found) return lock;
    ::rmdir(folder.c_str());
    return std::nullopt;
}

}  // namespace

NewRun::NewRun(fs::path results, const std::string& suite) : results_(std::move(results)) {
    remove_leftovers(results_);
    const std::string stem = fmt::format("{}-{:%Y%m%dT%H%M%SZ}", suite, fmt::gmtime(std::time(nullptr)));
    std::optional<OwnedFd> lock;
    for (int number = 1; !lock; ++number) {
        id_ = number == 1 ? stem : fmt::format("{}-{}", stem, number);
        lock = claim(results_, id_);
    }
    lock_ = std::move(*lock);
    folder_ = hidden_name(results_, id_);
}

NewRun::~NewRun() {
    std::error_code ignored;  // what is left is removed by the next
    if (!is_published_) fs::remove_all(folder_, ignored);
}

fs::path NewRun::publish() {
    fs::path named = results_ / id_;
    int renamed = ::renameat2(AT_FDCWD, folder_.c_str(), AT_FDCWD, named.c_str(), RENAME_NOREPLACE);
    // Some file systems (NFS) know no such flag; there the claim alone keeps the name free.
    if (renamed != 0 && errno == EINVAL) renamed = ::rename(folder_.c_str(), named.c_str());
    if (renamed != 0) throw system_failed("rename to " + named.string());
    is_published_ = true;
    sync_folder(results_);
    return named;
}

}  // namespace tare
