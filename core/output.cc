// SPDX-License-Identifier: Apache-2.0
#include "core/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>

#include "core/error.h"
#include "core/standard_streams.h"

namespace tare {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds reader_wait_max{60};
constexpr std::chrono::milliseconds reader_poll{20};
constexpr int links_max = 40;  // as the kernel follows
constexpr int open_flags = O_WRONLY | O_CLOEXEC | O_NOCTTY;

bool writable(int fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_PATH) == 0 && (flags & O_ACCMODE) != O_RDONLY;
}

// The descriptor of this process that a path names. Opening the path anew would begin at the file's first byte again, over what
// others have written through the descriptor, and cannot be done with a socket.
std::optional<int> own_descriptor(const fs::path& path) {
    std::error_code error;
    const fs::path folder = fs::canonical(path.parent_path(), error);
    if (error || (folder != fs::canonical("/proc/self/fd", error) && folder != fs::canonical("/proc/thread-self/fd", error)))
        return std::nullopt;
    const std::string name = path.filename();
    int fd = -1;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), fd);
    if (fault != std::errc{} || end != name.data() + name.size()) return std::nullopt;
    return fd;
}

// Where a chain of links ends, there or at a descriptor of this process.
fs::path end_of_links(fs::path path) {
    std::error_code error;
    for (int link = 0; link < links_max && !own_descriptor(path) && fs::is_symlink(path, error) && !error; ++link) {
        const fs::path target = fs::read_symlink(path, error);
        if (error) break;
        path = path.parent_path() / target;  // an absolute target stands alone
    }
    return path;
}

bool same_file(const struct stat& one, const struct stat& other) {
    return S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

// Devices and pipes have nothing to sync.
bool synced(int fd) { return ::fsync(fd) == 0 || errno == EINVAL || errno == EROFS; }

}  // namespace

Output::Output(const std::string& path, std::string option) : path_(path), option_(std::move(option)) {
    path_.empty() ? open_stdout() : open_path();
}

Output::Output(const std::string& path, std::string option, Appending) : path_(path), option_(std::move(option)), append_(true) {
    open_path();
}

Output Output::appending(const std::string& path, std::string option) { return {path, std::move(option), Appending{}}; }

std::string Output::name() const { return path_.empty() ? "stdout" : option_ + " " + path_; }

void Output::open_stdout() {
    if (!writable(STDOUT_FILENO)) throw run_failed("write stdout: it is closed");
    fd_ = OwnedFd{::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
    if (!fd_) throw system_failed("write stdout");
}

void Output::open_path() {
    const fs::path end = end_of_links(path_);
    if (const auto fd = own_descriptor(end)) {
        if (!writable(*fd)) throw usage_error(name() + ": that descriptor is not open for writing");
        fd_ = OwnedFd{::fcntl(*fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)};
        if (!fd_) throw usage_error(name() + ": " + error_text(errno));
        return;
    }
    struct stat file {};
    const bool there = ::stat(path_.c_str(), &file) == 0;
    if (there && S_ISBLK(file.st_mode)) throw usage_error(name() + " is a block device; what it holds would be destroyed");
    if (there && S_ISSOCK(file.st_mode)) throw usage_error(name() + " is a socket");
    // Without waiting: a FIFO's reader and a modem's carrier may never come.
    fd_ = OwnedFd{::open(path_.c_str(), open_flags | O_NONBLOCK | (append_ ? O_APPEND : 0))};
    const int fault = errno;
    if (!fd_ && fault == ENOENT) {
        new_file_ = end;
        prepare_new();
        return;
    }
    if (!fd_ && fault == ENXIO && there && S_ISFIFO(file.st_mode)) await_reader();
    if (!fd_) throw usage_error(name() + ": " + error_text(fault));
    if (::fcntl(fd_.get(), F_SETFL, ::fcntl(fd_.get(), F_GETFL) & ~O_NONBLOCK) != 0) throw system_failed(name());
    if (::fstat(fd_.get(), &file) != 0) throw system_failed(name());
    replaces_ = S_ISREG(file.st_mode) && !append_;
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        struct stat other {};
        if (replaces_ && ::fstat(stream, &other) == 0 && same_file(file, other))
            throw usage_error(name() + (stream == STDOUT_FILENO ? " is the file of stdout, too" : " is the file of stderr, too"));
    }
}

void Output::await_reader() {
    say("tare: " + name() + ": waiting for somebody to read the FIFO\n");
    const auto deadline = std::chrono::steady_clock::now() + reader_wait_max;
    while (!fd_ && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(reader_poll);
        fd_ = OwnedFd{::open(path_.c_str(), open_flags | O_NONBLOCK)};
        if (!fd_ && errno != ENXIO) throw system_failed(name());
    }
    if (!fd_) throw run_failed(name() + ": nobody read the FIFO within a minute");
}

// Nothing is made yet: a run that fails or is killed leaves no empty file.
void Output::prepare_new() {
    const fs::path folder = fs::path(new_file_).parent_path();
    if (::access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) != 0) throw usage_error(name() + ": " + error_text(errno));
    if (fs::path(new_file_).filename().empty()) throw usage_error(name() + " names no file");
}

// Whether the path is still the file that was opened: what was measured may have removed or replaced it.
bool Output::still_there() const {
    struct stat opened {
    }, named{};
    return ::fstat(fd_.get(), &opened) == 0 && ::stat(path_.c_str(), &named) == 0 && same_file(opened, named);
}

void Output::open_again() {
    fd_.reset();
    try {
        open_path();
    } catch (const Error& error) {
        throw run_failed(error.what());
    }
}

void Output::create() {
    fd_ = OwnedFd{::open(new_file_.c_str(), open_flags | O_CREAT | O_EXCL, 0666)};
    created_ = static_cast<bool>(fd_);
    if (fd_) return;
    if (errno != EEXIST) throw system_failed("write " + name());
    open_again();  // somebody made it meanwhile
    if (!fd_) throw run_failed("write " + name() + ": it comes and goes");
}

void Output::write(std::string_view text) {
    if ((replaces_ || append_) && !still_there()) open_again();
    if (!fd_) create();
    try {
        if (replaces_)
            replace(text);
        else
            write_on(text);
        // What a file system on another machine could not store it may tell only now.
        if (::close(fd_.release()) != 0 && errno != EINTR) throw system_failed("write " + name());
    } catch (const Error&) {
        if (created_) ::unlink(new_file_.c_str());
        throw;
    }
}

// The space first: where it is not to be had, or the limit of a file's size is below it, the old content is still there. Where
// the file system cannot tell, the write will.
void Output::replace(std::string_view text) const {
    const auto size_bytes = static_cast<off_t>(text.size());
    struct stat before {};
    if (::fstat(fd_.get(), &before) != 0) throw system_failed("write " + name());
    if (size_bytes > 0 && ::fallocate(fd_.get(), 0, 0, size_bytes) != 0 &&
        (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)) {
        const Error refused = system_failed("write " + name());
        static_cast<void>(::ftruncate(fd_.get(), before.st_size));  // what was got of it
        throw Error(refused);
    }
    write_on(text);
    if (::ftruncate(fd_.get(), size_bytes) != 0 && errno != EINVAL) throw system_failed("write " + name());
}

void Output::write_on(std::string_view text) const {
    while (!text.empty()) {
        const ssize_t written = ::write(fd_.get(), text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            // A terminal or pipe that somebody who shares it made non-blocking.
            pollfd busy{fd_.get(), POLLOUT, 0};
            if (::poll(&busy, 1, -1) < 0 && errno != EINTR) throw system_failed("write " + name());
        } else if (errno != EINTR) {
            throw system_failed("write " + name());
        }
    }
    if ((created_ || replaces_) && !synced(fd_.get())) throw system_failed("write " + name());
}

void refuse_one_file_for_two(std::span<const Output* const> outputs) {
    for (std::size_t index = 0; index < outputs.size(); ++index) {
        for (const Output* const other : outputs.subspan(index + 1)) {
            const Output& one = *outputs[index];
            struct stat here {
            }, there{};
            const bool known = one.replaces_ && other->replaces_ && ::fstat(one.fd_.get(), &here) == 0 &&
                               ::fstat(other->fd_.get(), &there) == 0 && same_file(here, there);
            const bool alike = !one.new_file_.empty() && !other->new_file_.empty() &&
                               fs::weakly_canonical(one.new_file_) == fs::weakly_canonical(other->new_file_);
            if (known || alike) throw usage_error(one.name() + " and " + other->name() + " are one file");
        }
    }
}

void write_each(std::span<const std::pair<Output*, std::string>> texts) {
    std::optional<Error> failure;
    for (const auto& [output, text] : texts) {
        try {
            output->write(text);
        } catch (const Error& error) {
            if (!failure) failure = error;
        }
    }
    if (failure) throw Error(*failure);
}

void write_stdout(std::string_view text) { Output("").write(text); }

}  // namespace tare
