// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/probed_code.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t copied_bytes_min = 5;  // what a jump takes

// In the order of their bytes; of all probes of this process, for a breakpoint says nothing of whose it is.
std::set<ProbedBytes>& prepared() {
    static std::set<ProbedBytes> all;
    return all;
}

std::optional<ProbedBytes> bytes_at(const std::string& path, std::uint64_t offset) {
    const OwnedFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    ProbedBytes bytes{};
    const auto size = static_cast<ssize_t>(bytes.size());
    if (!file || ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset)) != size) return std::nullopt;
    return bytes;
}

std::vector<pid_t> all_processes() {
    std::vector<pid_t> all;
    std::error_code error;
    for (const auto& process : std::filesystem::directory_iterator("/proc", error)) {
        const pid_t pid = std::atoi(process.path().filename().c_str());
        if (pid > 0) all.push_back(pid);
    }
    return all;
}

// But for breakpoints: another probe may stand on any of the bytes.
bool is_unchanged(const ProbedBytes& in_memory, const ProbedBytes& in_file) {
    return std::equal(in_memory.begin(), in_memory.end(), in_file.begin(),
                      [](std::uint8_t now, std::uint8_t before) { return now == before || now == breakpoint_byte; });
}

// Whether the process has other code at one of these places of the file. What of it cannot be read is taken for unchanged.
bool has_changed(pid_t pid, const FileId& file, const std::map<std::uint64_t, ProbedBytes>& in_file) {
    const std::string folder = "/proc/" + std::to_string(pid);
    std::ifstream maps(folder + "/maps");
    const std::string wanted = " " + file + " ";
    for (std::string line; std::getline(maps, line);) {
        unsigned long begin = 0, end = 0, first = 0;
        std::array<char, 5> permissions{};
        if (line.find(wanted) == std::string::npos) continue;
        if (std::sscanf(line.c_str(), "%lx-%lx %4s %lx", &begin, &end, permissions.data(), &first) != 4 || permissions[2] != 'x')
            continue;
        for (auto place = in_file.lower_bound(first); place != in_file.end(); ++place) {
            const auto& [offset, original] = *place;
            if (offset - first + probed_bytes > end - begin) break;
            const std::optional<ProbedBytes> bytes = bytes_at(folder + "/mem", begin + (offset - first));
            if (bytes && !is_unchanged(*bytes, original)) return true;
        }
    }
    return false;
}

std::size_t alike_after_first(const ProbedBytes& code, std::span<const std::uint8_t> copy) {
    const auto end = std::mismatch(code.begin() + 1, code.end(), copy.begin() + 1, copy.end()).first;
    return static_cast<std::size_t>(end - code.begin());
}

}  // namespace

void prepare_for_probes(const CodeFile& file, std::span<const std::uint64_t> offsets, Reach reach) {
    std::map<std::uint64_t, ProbedBytes> in_file;
    for (const std::uint64_t offset : offsets) {
        const std::optional<ProbedBytes> bytes = bytes_at(file.path(), offset);
        if (bytes) in_file.emplace(offset, *bytes);  // none at the very end of the file
    }
    for (const auto& [offset, bytes] : in_file) prepared().insert(bytes);
    for (const pid_t pid : reach == Reach::root ? std::vector{file.shown_by()} : all_processes()) {
        if (!has_changed(pid, file.id(), in_file)) continue;
        throw cannot_measure("process " + std::to_string(pid) + " has changed the code of a probed function in " + file.name() +
                             " (a hook), and would break by a probe there");
    }
}

std::optional<std::uint8_t> byte_before_probe(std::span<const std::uint8_t> copy) {
    std::optional<std::uint8_t> found;
    std::size_t most = copied_bytes_min - 1;
    if (copy.empty() || copy.front() != breakpoint_byte) return std::nullopt;
    for (const ProbedBytes& code : prepared()) {
        const std::size_t alike = alike_after_first(code, copy);
        if (alike < most || alike < copied_bytes_min) continue;
        if (alike == most && found && *found != code.front()) return std::nullopt;
        most = alike;
        found = code.front();
    }
    return found;
}

}  // namespace tare
