// SPDX-License-Identifier: Apache-2.0
// What stands before the first heading.
#include <fmt/format.h>

#include "analysis/report/markdown.h"
#include "analysis/report/sections/sections.h"

namespace tare::sections {

std::string run_at_a_glance(const Findings& findings) {
    return fmt::format("Run {}, {}.\n\n", markdown::code(findings.run.id),
                       markdown::escaped(findings.run.environment.value("started_at", "time unknown")));
}

std::string warnings(const Findings& findings) {
    std::string text;
    for (const auto& warning : findings.run.environment.value("warnings", nlohmann::json::array()))
        text += fmt::format("> Warning: {}\n\n", markdown::escaped(warning.get<std::string>()));
    return text;
}

}  // namespace tare::sections
