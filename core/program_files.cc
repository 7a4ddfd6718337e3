// SPDX-License-Identifier: Apache-2.0
#include "core/program_files.h"

#include "core/error.h"

namespace tare {
namespace {

std::filesystem::path program_folder() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) throw run_failed("/proc/self/exe: " + error.message());
    return program.parent_path();
}

// `installed` leads from the folder of installed programs.
std::filesystem::path installed_folder(const char* installed) { return (program_folder() / installed).lexically_normal(); }

}  // namespace

std::filesystem::path server_folder() {
    std::filesystem::path beside = program_folder();
    return std::filesystem::exists(beside / "tare-server") ? beside : installed_folder(TARE_INSTALLED_SERVERS);
}

std::filesystem::path page_folder() {
    std::filesystem::path beside = program_folder() / "page";
    return std::filesystem::exists(beside / "page.py") ? beside : installed_folder(TARE_INSTALLED_PAGE);
}

std::filesystem::path debug_folder() { return installed_folder(TARE_INSTALLED_DEBUG); }

}  // namespace tare
