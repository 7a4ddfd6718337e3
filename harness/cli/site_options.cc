// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/site_options.h"

#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"

namespace tare::cli {

void add_site_options(CLI::App& command, SiteOptions& options) {
    command
        .add_flag("--call-sites{10}", options.listing.most,
                  "the N most frequent places that allocate, copy and enter the kernel; 10 without =N")
        ->type_name("N")
        ->check(whole_number(1, 1000000));
    CLI::Option* const measure = command.add_option_function<std::string>(
        "--sites-by",
        [&options](const std::string& name) { options.listing.by = name == "bytes" ? SiteMeasure::bytes : SiteMeasure::calls; },
        "what they are ordered by: calls, or bytes allocated and copied");
    takes_one_of(measure, {"calls", "bytes"})->default_str("calls");
    command.add_option("--folded", options.folded, "write the stacks of all these calls there, folded for a flame graph")
        ->type_name(value::file);
    command
        .add_option("--wrapper,--passing", options.rule.wrappers,
                    "a function that only passes such calls on, and is no call site itself")
        ->type_name("FUNCTION");
    command.add_flag("--program-sites", options.rule.in_program,
                     "the innermost place in the program's own file, not in the libraries that it calls");
}

}  // namespace tare::cli
