// SPDX-License-Identifier: Apache-2.0
#include "run/atomic_file.h"

#include <fcntl.h>

#include <string>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {
namespace {

void write_and_sync(const std::filesystem::path& path, std::string_view text) {
    const OwnedFd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (!file) throw system_failed("create " + path.string());
    while (!text.empty()) {
        const ssize_t written = ::write(file.get(), text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw system_failed("write " + path.string());
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file.get()) != 0) throw system_failed("fsync " + path.string());
}

}  // namespace

void write_file_atomically(const std::filesystem::path& path, std::string_view text) {
    const std::filesystem::path temporary = path.string() + "." + std::to_string(::getpid()) + ".tmp";
    try {
        write_and_sync(temporary, text);
        if (::rename(temporary.c_str(), path.c_str()) != 0) throw system_failed("rename to " + path.string());
    } catch (const Error&) {
        ::unlink(temporary.c_str());
        throw;
    }
    sync_folder(path.has_parent_path() ? path.parent_path() : ".");
}

void sync_folder(const std::filesystem::path& folder) {
    const OwnedFd opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened || ::fsync(opened.get()) != 0) throw system_failed("fsync " + folder.string());
}

}  // namespace tare
