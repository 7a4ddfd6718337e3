// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/intact_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.h"
#include "run/complete.h"

namespace tare::compare {
namespace {

// What tare itself derives and sums: beside a COMPLETE that does not list it, COMPLETE was cut short.
constexpr std::array derived_files{"claims.csv", "report.md"};

void check_files(const std::filesystem::path& folder) {
    const std::vector<std::string> listed = verify_complete(folder, measured_files);
    verify_complete(folder, listed);
    for (const char* const name : derived_files) {
        if (std::filesystem::exists(folder / name) && std::find(listed.begin(), listed.end(), name) == listed.end())
            throw data_refused(fmt::format("{}: COMPLETE does not list {}, which is there", folder.string(), name));
    }
}

}  // namespace

Run open_intact_run(const std::filesystem::path& folder) {
    Run run = open_run(folder);
    check_files(folder);
    return run;
}

}  // namespace tare::compare
