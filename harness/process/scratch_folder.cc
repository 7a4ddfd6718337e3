// SPDX-License-Identifier: Apache-2.0
#include "harness/process/scratch_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>

#include "core/error.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

constexpr const char* lock_name = "lock";

// Locked, or nothing when somebody holds it or it is not there.
OwnedFd try_lock(const fs::path& file) {
    OwnedFd fd{::open(file.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (fd && ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) fd.reset();
    return fd;
}

bool is_ours(const fs::path& folder) {
    struct stat status {};
    return ::lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == ::geteuid();
}

void remove_leftovers(const fs::path& parent) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(parent, error)) {
        if (!entry.path().filename().string().starts_with(ScratchFolder::prefix) || !is_ours(entry.path())) continue;
        const OwnedFd lock = try_lock(entry.path() / lock_name);
        std::error_code ignored;  // the next one tries again
        if (lock) fs::remove_all(entry.path(), ignored);
    }
}

}  // namespace

ScratchFolder::ScratchFolder() {
    std::error_code missing;
    const fs::path parent = fs::temp_directory_path(missing);
    if (missing) throw run_failed("the folder for temporary files (TMPDIR): " + missing.message());
    remove_leftovers(parent);
    // It gets its name only when it is locked: until then nobody takes it for a leftover.
    std::string hidden = (parent / (std::string(".") + prefix + "XXXXXX")).string();
    if (::mkdtemp(hidden.data()) == nullptr) throw system_failed("make a folder in " + parent.string());
    lock_ = OwnedFd{::open((fs::path(hidden) / lock_name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!lock_ || ::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) throw system_failed("lock " + hidden);
    path_ = parent / fs::path(hidden).filename().string().substr(1);
    std::error_code error;
    fs::rename(hidden, path_, error);
    if (error) throw run_failed(path_.string() + ": " + error.message());
}

ScratchFolder::~ScratchFolder() {
    std::error_code ignored;  // what is left is removed by the next
    fs::remove_all(path_, ignored);
}

}  // namespace tare
