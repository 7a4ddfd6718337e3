// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/page.h"

#include <fmt/format.h>

#include <optional>

#include "core/error.h"
#include "core/program_files.h"
#include "harness/process/scratch_folder.h"
#include "harness/process/subprocess.h"
#include "run/atomic_file.h"
#include "run/run_reader.h"

namespace tare::cli {
namespace {

constexpr const char* interpreter = "/usr/bin/python3";  // Debian's, which has Debian's packages; the PATH may have another
constexpr std::chrono::minutes time_max{5};
constexpr int package_missing = static_cast<int>(ExitCode::cannot_measure);

// Runs SCRIPT of the page's folder on the run, isolated from what the environment tells Python; what it says when a package is
// missing.
std::optional<std::string> draw(const std::string& script, const std::filesystem::path& run_folder,
                                const std::vector<std::string>& more = {}) {
    if (!std::filesystem::exists(interpreter)) return fmt::format("{} needs the Debian package python3", script);
    std::vector<std::string> command{interpreter, "-I", "-B", (page_folder() / script).string(), run_folder.string()};
    command.insert(command.end(), more.begin(), more.end());
    Subprocess process(command);
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

std::vector<std::string> write_page(const std::filesystem::path& run_folder, const nlohmann::json& pieces) {
    std::vector<std::string> missing;
    try {
        const ScratchFolder scratch;
        const std::filesystem::path pieces_file = scratch.path() / "pieces.json";
        write_file_atomically(pieces_file, pieces.dump());
        if (const auto reason = draw("figures.py", run_folder)) missing.push_back(*reason);
        if (const auto reason = draw("page.py", run_folder, {pieces_file.string()})) missing.push_back(*reason);
    } catch (const Error&) {
        remove_drawn(run_folder);
        write_checksums(run_folder);
        throw;
    }
    write_checksums(run_folder);
    return missing;
}

}  // namespace tare::cli
