// SPDX-License-Identifier: Apache-2.0
// Whole files, written so that a reader sees the old content or the new one, never a part.
#pragma once

#include <filesystem>
#include <string_view>

namespace tare {

// Writes `text` under a temporary name beside `path`, syncs it, and renames it over `path`. Throws run_failed naming
// the path; the temporary file is removed then.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

// Makes a rename inside `folder` survive a crash. Throws run_failed.
void sync_folder(const std::filesystem::path& folder);

}  // namespace tare
