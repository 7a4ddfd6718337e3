// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/counters_option.h"

#include <map>
#include <string>

#include "harness/cli/option_table.h"

namespace tare::cli {

void add_counters_option(CLI::App& command, CountedBy& by) {
    static const std::map<std::string, CountedBy> named{
        {"auto", CountedBy::best}, {"bpf", CountedBy::bpf}, {"unprivileged", CountedBy::unprivileged}};
    const auto choose = [&by](const std::string& name) { by = named.at(name); };
    takes_one_of(
        command.add_option_function<std::string>(
            "--counters", choose, "unprivileged is a tracer and a preloaded library, which auto takes where BPF is refused"),
        {"auto", "bpf", "unprivileged"})
        ->default_str("auto");
}

}  // namespace tare::cli
