// SPDX-License-Identifier: Apache-2.0
// Where the files are that belong to the running program: beside it in a build folder, below its prefix in an installation. A
// prefix may be moved, so nothing but the program's own place decides.
#pragma once

#include <filesystem>

namespace tare {

// Has tare-server and tare-server-counted, where they are there. Each of these throws run_failed when the program's place cannot
// be read.
std::filesystem::path server_folder();

// Has the scripts and the template that draw a report.
std::filesystem::path page_folder();

// Has the debug information of installed programs, by build id; in a build folder it is in the programs.
std::filesystem::path debug_folder();

}  // namespace tare
