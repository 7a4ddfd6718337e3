// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/site_options.h"

#include <map>

namespace tare::cli {

void add_site_options(CLI::App& command, SiteOptions& options) {
    static const std::map<std::string, SiteMeasure> measures{{"calls", SiteMeasure::calls}, {"bytes", SiteMeasure::bytes}};
    command
        .add_flag("--call-sites{10}", options.listing.most,
                  "the N most frequent places that allocate, copy and enter the kernel; 10 without =N")
        ->check(CLI::Range(1U, 1000000U));
    command.add_option("--sites-by", options.listing.by, "calls, or bytes allocated and copied")
        ->transform(CLI::CheckedTransformer(measures).description(""))
        ->default_str("calls");
    command.add_option("--folded", options.folded, "write the stacks of all these calls there, folded for a flame graph");
    command.add_option("--wrapper,--passing", options.rule.wrappers,
                       "a function that only passes such calls on, and is no call site itself");
    command.add_flag("--program-sites", options.rule.in_program,
                     "the innermost place in the program's own file, not in the libraries that it calls");
}

}  // namespace tare::cli
