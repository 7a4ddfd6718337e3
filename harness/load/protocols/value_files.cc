// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/value_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/load/protocols/key_template.h"

namespace tare {
namespace {

std::filesystem::path path_of(const LoadPlan& plan, const KeyTemplate& name, std::uint64_t key) {
    std::string file;
    name.append(file, key);
    return plan.files / file;
}

KeyTemplate names_of_files(const LoadPlan& plan) { return {"", 'k', plan.key_bytes, ""}; }

bool holds(const std::filesystem::path& path, std::string_view value) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) || std::filesystem::file_size(path, error) != value.size()) return false;
    std::ifstream file(path, std::ios::binary);
    return std::equal(value.begin(), value.end(), std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// A file that nobody had before, at the end of no link.
void create(const std::filesystem::path& path, std::string_view value) {
    constexpr mode_t mode = 0666;  // less the umask
    const OwnedFd fd{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)};
    if (!fd) throw system_failed(fmt::format("cannot write {}", path.string()));
    while (!value.empty()) {
        const ssize_t written = ::write(fd.get(), value.data(), value.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            const Error error = system_failed(fmt::format("cannot write {}", path.string()));
            ::unlink(path.c_str());
            throw error;
        }
        value.remove_prefix(static_cast<std::size_t>(written));
    }
}

// Held by whoever writes into a folder of the user's, until what was written is gone.
OwnedFd locked(const std::filesystem::path& folder) {
    OwnedFd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd) throw system_failed(fmt::format("--files: {}", folder.string()));
    // A file system without such locks refuses otherwise.
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        throw usage_error(fmt::format("--files: another tare load has its files in {}; wait for its end, or name another folder",
                                      folder.string()));
    return fd;
}

}  // namespace

void write_value_files(const LoadPlan& plan, const ValuePool& pool) {
    if (plan.files.empty())
        throw usage_error("an HTTP server needs a folder of files, in which the keys are to be found (tare load --files)");
    const KeyTemplate name = names_of_files(plan);
    for (std::uint64_t key = 0; key < plan.key_count; ++key) {
        const std::filesystem::path path = path_of(plan, name, key);
        const std::string_view value(pool.text(key, 0), pool.size_bytes(key));
        if (holds(path, value)) continue;
        std::error_code error;  // of a file that is not there; any other is met when it is created
        std::filesystem::remove(path, error);
        create(path, value);
    }
}

bool needs_value_files(const LoadPlan& plan) {
    return plan.protocol.is(ProtocolKind::http) && !plan.files.empty() &&
           std::any_of(plan.mix.begin(), plan.mix.end(),
                       [](const LoadPlan::Share& share) { return share.operation == Operation::get_hit; });
}

TemporaryValueFiles::TemporaryValueFiles(const LoadPlan& plan) : plan_(plan), lock_(locked(plan.files)) {
    const ValuePool pool(plan.value_bytes, plan.seed, has_text_values(plan.protocol));
    const KeyTemplate name = names_of_files(plan);
    std::vector<std::uint64_t> missing;
    for (std::uint64_t key = 0; key < plan.key_count; ++key) {
        const std::filesystem::path path = path_of(plan, name, key);
        if (!std::filesystem::exists(std::filesystem::symlink_status(path)))
            missing.push_back(key);
        else if (!holds(path, {pool.text(key, 0), pool.size_bytes(key)}))
            throw usage_error(
                fmt::format("--files: {} is there and holds something else, which would be lost; remove it, or name "
                            "another folder",
                            path.string()));
    }
    try {
        for (const std::uint64_t key : missing) {
            create(path_of(plan, name, key), {pool.text(key, 0), pool.size_bytes(key)});
            created_.push_back(key);
        }
    } catch (...) {
        remove();
        throw;
    }
}

TemporaryValueFiles::~TemporaryValueFiles() { remove(); }

void TemporaryValueFiles::remove() {
    const KeyTemplate name = names_of_files(plan_);
    for (const std::uint64_t key : created_) {
        std::error_code error;  // nobody could act on it here
        std::filesystem::remove(path_of(plan_, name, key), error);
    }
}

}  // namespace tare
