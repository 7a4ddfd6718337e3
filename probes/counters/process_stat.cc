// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/process_stat.h"

#include <cstdio>
#include <fstream>
#include <string>

namespace tare {

// The fields are numbered from 1; the second, a name in parentheses, may hold blanks.
std::optional<ProcessStat> process_stat(pid_t pid) {
    constexpr int first_wanted = 10;
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    std::size_t at = line.rfind(')');
    for (int field = 2; field < first_wanted && at != std::string::npos; ++field) at = line.find(' ', at + 1);
    ProcessStat stat;
    if (at == std::string::npos || std::sscanf(line.c_str() + at, "%lu %*u %lu %*u %lu %lu", &stat.minor_faults,
                                               &stat.major_faults, &stat.user_ticks, &stat.system_ticks) != 4)
        return std::nullopt;
    return stat;
}

Measured<std::uint64_t> peak_memory_bytes(pid_t pid) {
    constexpr std::uint64_t kibibyte = 1024;
    const std::string path = "/proc/" + std::to_string(pid) + "/status";
    std::ifstream status(path);
    std::string field;
    std::uint64_t kibibytes = 0;
    while (status >> field) {
        if (field == "VmHWM:" && status >> kibibytes) return kibibytes * kibibyte;
        status.ignore(4096, '\n');
    }
    return Absent{path + " has no VmHWM"};
}

}  // namespace tare
