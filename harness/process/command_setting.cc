// SPDX-License-Identifier: Apache-2.0
#include "harness/process/command_setting.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/error.h"
#include "core/plain_text.h"

namespace tare {
namespace {

OwnedFd opened(const std::string& path, int flags) {
    OwnedFd file{::open(path.c_str(), flags | O_CLOEXEC)};
    if (!file) throw cannot_measure("open " + path + ": " + error_text(errno));
    return file;
}

std::string name_of(const std::string& variable) { return variable.substr(0, variable.find('=') + 1); }

}  // namespace

PreparedSetting::PreparedSetting(const CommandSetting& setting)
    : folder_(setting.folder.empty() ? OwnedFd() : opened(setting.folder, O_PATH | O_DIRECTORY)),
      input_(opened(setting.input.empty() ? "/dev/null" : setting.input, O_RDONLY)),
      output_(opened("/dev/null", O_WRONLY)),
      errors_(::memfd_create("errors", MFD_CLOEXEC)),
      variables_(setting.variables) {
    if (!errors_) throw system_failed("memfd_create");
    for (char** each = environ; *each != nullptr; ++each) {
        const std::string name = name_of(*each);
        if (std::none_of(variables_.begin(), variables_.end(), [&](const std::string& own) { return own.starts_with(name); }))
            environment_.push_back(*each);
    }
    for (std::string& variable : variables_) environment_.push_back(variable.data());
    environment_.push_back(nullptr);
}

bool PreparedSetting::enter() const {
    if (folder_ && ::fchdir(folder_.get()) != 0) return false;
    environ = const_cast<char**>(environment_.data());
    return ::dup2(input_.get(), STDIN_FILENO) >= 0 && ::dup2(output_.get(), STDOUT_FILENO) >= 0 &&
           ::dup2(errors_.get(), STDERR_FILENO) >= 0;
}

std::string PreparedSetting::last_error() const {
    std::array<char, 512> bytes{};
    const off_t end = ::lseek(errors_.get(), 0, SEEK_END);
    const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(bytes.size()));
    const ssize_t count = ::pread(errors_.get(), bytes.data(), bytes.size(), begin);
    std::string text(bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    while (text.ends_with('\n')) text.pop_back();
    return plain(text.substr(text.rfind('\n') + 1));
}

}  // namespace tare
