// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/page.h"

#include <fmt/format.h>

#include <optional>

#include "core/error.h"
#include "harness/process/subprocess.h"
#include "run/run_reader.h"

namespace tare::cli {
namespace {

constexpr const char* interpreter = "/usr/bin/python3";  // Debian's, which has Debian's packages; the PATH may have another
constexpr std::chrono::minutes time_max{5};
constexpr int package_missing = static_cast<int>(ExitCode::cannot_measure);

// Runs analysis/report/page/SCRIPT on the run; what it says when a package is missing.
std::optional<std::string> draw(const std::string& script, const std::filesystem::path& run_folder) {
    if (!std::filesystem::exists(interpreter)) return fmt::format("{} needs the Debian package python3", script);
    Subprocess process({interpreter, "-B", std::string(TARE_PAGE_FOLDER) + "/" + script, run_folder.string()});
    const bool over = process.ended(time_max);
    if (over && process.exit_code() == 0) return std::nullopt;
    if (over && process.exit_code() == package_missing) return process.last_errors();
    throw run_failed(
        fmt::format("{} {}: {}\n{}", script, run_folder.string(), over ? process.how() : "does not end", process.last_errors()));
}

// What the scripts make; figures/data.json is the analysis's own.
void remove_drawn(const std::filesystem::path& run_folder) {
    std::filesystem::remove(run_folder / "report.html");
    if (!std::filesystem::is_directory(run_folder / "figures")) return;
    for (const auto& entry : std::filesystem::directory_iterator(run_folder / "figures")) {
        if (entry.path().filename() != "data.json") std::filesystem::remove(entry.path());
    }
}

}  // namespace

std::vector<std::string> write_page(const std::filesystem::path& run_folder) {
    std::vector<std::string> missing;
    try {
        for (const char* const script : {"figures.py", "page.py"}) {
            if (const auto reason = draw(script, run_folder)) missing.push_back(*reason);
        }
    } catch (const Error&) {
        remove_drawn(run_folder);
        write_checksums(run_folder);
        throw;
    }
    write_checksums(run_folder);
    return missing;
}

}  // namespace tare::cli
