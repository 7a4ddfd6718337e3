// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/build_servers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "build_info.h"
#include "harness/process/long_command.h"

namespace tare {

std::filesystem::path build_servers(const std::filesystem::path& tree) {
    const std::string build = (tree / "build").string();
    std::string type = build_info::type;
    std::transform(type.begin(), type.end(), type.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    // The tree's place stands in debug information; without it one source makes one program, wherever it is built.
    const std::string flags = fmt::format("{} -ffile-prefix-map={}=.", build_info::flags, tree.string());
    run_long_command({"cmake", "-S", ".", "-B", build, "-G", "Ninja", fmt::format("-DCMAKE_BUILD_TYPE={}", build_info::type),
                      "-DCMAKE_CXX_FLAGS=" + flags, fmt::format("-DCMAKE_CXX_FLAGS_{}=", type)},
                     tree.string());
    run_long_command({"cmake", "--build", build, "--target", "tare-server", "tare-server-counted"}, tree.string());
    return build;
}

}  // namespace tare
