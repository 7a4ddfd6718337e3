// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/version.h"

#include <fmt/format.h>

#include <string_view>

#include "build_info.h"

namespace tare::cli {

std::string version_text() {
    constexpr std::string_view revision = build_info::revision;
    constexpr std::size_t shown = 12;
    return fmt::format("tare {} ({}{})", build_info::version,
                       revision == "unknown" ? "revision unknown" : revision.substr(0, shown),
                       build_info::modified ? ", modified" : "");
}

}  // namespace tare::cli
