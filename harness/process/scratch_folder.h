// SPDX-License-Identifier: Apache-2.0
// A temporary folder that is removed with its owner. Its lock is held as long as its process lives, so that what a killed one
// left can be told from what is in use, and is removed by the next.
#pragma once

#include <filesystem>

#include "core/owned_fd.h"

namespace tare {

class ScratchFolder {
public:
    static constexpr const char* prefix = "tare-ab-";  // of its name

    // Removes what killed processes of this user left, then makes a folder below TMPDIR (/tmp). Throws run_failed.
    ScratchFolder();
    ~ScratchFolder();
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
    OwnedFd lock_;
};

}  // namespace tare
