// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/counter_option.h"

namespace tare::cli {

CLI::Option* add_counter_option(CLI::App& command, std::vector<UserCounter>& counters) {
    return command
        .add_option_function<std::vector<std::string>>(
            "--counter",
            [&counters](const std::vector<std::string>& texts) {
                for (const std::string& text : texts) counters.push_back(parse_user_counter(text, counters));
            },
            "NAME=FUNCTION[,FUNCTION], or NAME=usdt:PROVIDER:NAME: count the calls of these functions of the program or its "
            "libraries as well; may be given again. A function that the compiler put into its callers cannot be seen")
        ->type_name("NAME=FUNCTION")
        ->allow_extra_args(false);
}

}  // namespace tare::cli
