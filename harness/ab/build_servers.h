// SPDX-License-Identifier: Apache-2.0
// tare's own reference servers built from a tree of its sources, with the type and flags of the tare that runs, so that only
// the sources differ.
#pragma once

#include <filesystem>

namespace tare {

// The folder with tare-server and tare-server-counted. Compiler and launcher are the environment's, as CMake reads it. Throws
// run_failed with the build's last lines.
std::filesystem::path build_servers(const std::filesystem::path& tree);

}  // namespace tare
