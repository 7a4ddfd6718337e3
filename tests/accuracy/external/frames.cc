// SPDX-License-Identifier: Apache-2.0
// For the test of names: the frames at addresses of a file, as call sites are named by them. Reads addresses from its input, as
// the file numbers them, and prints for each a line with an array of its frames.
#include <elfutils/libdwfl.h>
#include <fmt/format.h>

#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>

#include "probes/symbols/debug_names.h"

int main(int argc, char** argv) {
    static constexpr Dwfl_Callbacks files{dwfl_build_id_find_elf, dwfl_standard_find_debuginfo, dwfl_offline_section_address,
                                          nullptr};
    Dwfl* const dwfl = dwfl_begin(&files);
    Dwfl_Module* const module = argc == 2 ? dwfl_report_offline(dwfl, argv[1], argv[1], -1) : nullptr;
    GElf_Addr bias = 0;
    if (module == nullptr || dwfl_report_end(dwfl, nullptr, nullptr) != 0 || dwfl_module_getelf(module, &bias) == nullptr) {
        fmt::print(stderr, "usage: frames ELF-FILE < ADDRESSES: {}\n", dwfl_errmsg(-1));
        return 2;
    }
    tare::DebugNames names(module);
    std::uint64_t address = 0;
    std::cin >> std::hex;
    while (std::cin >> address) {
        nlohmann::json frames = nlohmann::json::array();
        for (const tare::Frame& frame : names.frames_at(address + bias))
            frames.push_back({{"function", frame.function},
                              {"file", frame.file},
                              {"line", frame.line},
                              {"inlined", frame.is_inlined},
                              {"offset", frame.offset}});
        fmt::print("{}\n", frames.dump());
    }
    dwfl_end(dwfl);
    return 0;
}
