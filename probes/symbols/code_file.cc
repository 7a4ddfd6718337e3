// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/code_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "core/error.h"
#include "probes/symbols/elf_file.h"

namespace tare {
namespace {

bool is_named_like_loader(const std::string& path) { return path.substr(path.rfind('/') + 1).starts_with("ld-linux"); }

// Of a thread that has ended /proc shows no memory, and no program.
bool shows_memory(const std::string& folder) {
    std::error_code error;
    return !std::filesystem::read_symlink(folder + "/exe", error).empty() || error != std::errc::no_such_file_or_directory;
}

// As map_files names it: without the leading zeros that maps has.
std::string range_of(const std::string& from, const std::string& to) {
    const auto unpadded = [](const std::string& address) { return address.substr(address.find_first_not_of('0')); };
    return unpadded(from) + "-" + unpadded(to);
}

// By its range, which needs CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE; otherwise by its path, if that still is the same file.
OwnedFd open_mapped(pid_t pid, const CodeMapping& mapping) {
    const std::string folder = memory_folder(pid);
    OwnedFd file{::open((folder + "/map_files/" + mapping.range).c_str(), O_RDONLY | O_CLOEXEC)};
    if (file) return file;
    file = OwnedFd{::open((folder + "/root" + mapping.name).c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (!file) throw cannot_measure("open " + mapping.name + ": " + error_text(errno) + "; run as root");
    if (::fstat(file.get(), &status) != 0 || !mapping.file.ends_with(" " + std::to_string(status.st_ino)))
        throw cannot_measure(mapping.name + " is not the file that process " + std::to_string(pid) +
                             " runs any more; run as root, or start the process again");
    return file;
}

}  // namespace

bool has_memory(pid_t pid) { return shows_memory(memory_folder(pid)); }

std::string memory_folder(pid_t pid) {
    std::string own = "/proc/" + std::to_string(pid);
    if (shows_memory(own)) return own;
    std::error_code error;
    for (const auto& thread : std::filesystem::directory_iterator(own + "/task", error)) {
        std::string folder = "/proc/" + thread.path().filename().string();
        if (shows_memory(folder)) return folder;
    }
    return own;
}

std::vector<CodeRange> code_ranges(pid_t pid) {
    const std::string folder = memory_folder(pid);
    std::ifstream maps(folder + "/maps");
    std::error_code error;
    const std::string program = std::filesystem::read_symlink(folder + "/exe", error).string();
    const auto number = [](const std::string& digits) { return std::strtoull(digits.c_str(), nullptr, 16); };
    std::vector<CodeRange> ranges;
    std::string line;
    while (std::getline(maps, line)) {
        std::istringstream fields(line);
        std::string from, to, permissions, offset, device, inode, path;
        std::getline(fields, from, '-');
        fields >> to >> permissions >> offset >> device >> inode >> std::ws;
        std::getline(fields, path);
        if (permissions.size() < 4 || permissions[2] != 'x') continue;
        const bool is_file = path.starts_with('/');  // of inode 0, too: the first segment of System V memory
        CodeMapping mapping{is_file ? device.append(" ").append(inode) : "", path, range_of(from, to), path == program};
        ranges.push_back(
            {number(from), number(to), number(offset), std::move(mapping), permissions[1] == 'w', permissions[3] == 's'});
    }
    return ranges;
}

std::vector<CodeMapping> code_mappings(pid_t pid) {
    std::vector<CodeMapping> mappings;
    bool has_files = false;
    for (CodeRange& range : code_ranges(pid)) {
        has_files = has_files || !range.mapping.file.empty();
        if (range.mapping.file.empty() || is_named_like_loader(range.mapping.name)) continue;
        const auto is_same = [&](const CodeMapping& known) { return known.file == range.mapping.file; };
        if (std::none_of(mappings.begin(), mappings.end(), is_same)) mappings.push_back(std::move(range.mapping));
    }
    // A program that is started by the linker's name is not there yet when the linker is.
    if (!has_files) throw cannot_measure(memory_folder(pid) + "/maps: no executable file can be read from it");
    return mappings;
}

CodeFile::CodeFile(pid_t pid, const CodeMapping& mapping) : pid_(pid), mapping_(mapping), file_(open_mapped(pid, mapping)) {}

bool CodeFile::is_loader() const {
    try {
        return is_named_like_loader(ElfFile(path(), name()).shared_name());
    } catch (const Error&) {
        return false;  // who looks for functions in it says why they cannot be found
    }
}

void CodeFile::close() {
    constexpr std::size_t pinned_bytes = 1;  // of which no page is ever read
    void* const pin = ::mmap(nullptr, pinned_bytes, PROT_READ, MAP_PRIVATE, file_.get(), 0);
    if (pin == MAP_FAILED) return;
    pin_ = std::shared_ptr<void>(pin, [](void* address) { ::munmap(address, pinned_bytes); });
    file_.reset();
}

bool same_content(const CodeFile& left, const CodeFile& right) {
    std::error_code error;
    const auto left_bytes = std::filesystem::file_size(left.path(), error);
    if (error || left_bytes != std::filesystem::file_size(right.path(), error) || error) return false;
    std::ifstream left_file(left.path(), std::ios::binary);
    std::ifstream right_file(right.path(), std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return left_file && right_file && std::equal(Bytes(left_file), Bytes(), Bytes(right_file), Bytes());
}

}  // namespace tare
