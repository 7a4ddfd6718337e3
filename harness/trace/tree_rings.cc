// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/tree_rings.h"

#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/io_uring.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "harness/trace/stopped_memory.h"
#include "probes/counters/fdinfo.h"

namespace tare {
namespace {

// By which a process may lose a ring: before it, its tails are read.
bool gives_back(std::uint64_t number) {
    return number == SYS_close || number == SYS_close_range || number == SYS_dup2 || number == SYS_dup3 || number == SYS_execve ||
           number == SYS_execveat;
}

constexpr std::uint64_t x32_bit = 0x40000000;

constexpr const char* no_descriptor = "a ring has no descriptor, by which alone the kernel shows its tails";

// The inode of the ring that a process has as `descriptor`; none where that is none.
std::optional<std::uint64_t> ring_inode(pid_t pid, int descriptor) {
    struct stat status {};
    const std::string path = fmt::format("/proc/{}/fd/{}", pid, descriptor);
    std::error_code error;
    if (std::filesystem::read_symlink(path, error) != ring_link || ::stat(path.c_str(), &status) != 0) return std::nullopt;
    return status.st_ino;
}

// The tails go on from 2^32 to 0.
void advance(std::uint64_t& known, std::uint64_t tail) {
    known += static_cast<std::uint32_t>(static_cast<std::uint32_t>(tail) - static_cast<std::uint32_t>(known));
}

// The kernel shows the second only while nobody else works on the ring; one before 5.16 shows neither, however often it is asked.
RingTails tails_of(pid_t pid, int descriptor) {
    constexpr int tries = 50;
    RingTails tails = ring_tails(pid, descriptor);
    for (int left = tries; left > 0 && tails.sqes.present() && !tails.cqes.present(); --left) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        tails = ring_tails(pid, descriptor);
    }
    return tails;
}

}  // namespace

void TreeRings::begins(const StoppedCall& call) {
    const std::uint64_t number = call.info.entry.nr;
    if (call.info.arch != AUDIT_ARCH_X86_64 || (number & x32_bit) != 0) {
        // io_uring's calls have one number at every gate.
        const std::uint64_t plain_number = number & ~x32_bit;
        if (plain_number >= SYS_io_uring_setup && plain_number <= SYS_io_uring_register && !gap_)
            gap_ = "a ring is used by 32-bit or x32 calls, which are not followed to its tails";
        return;
    }
    if (number == SYS_io_uring_setup || number == SYS_io_uring_enter || number == SYS_io_uring_register)
        calls_[call.tid] = {static_cast<std::int64_t>(number), call.info.entry.args[1]};
    if (number == SYS_io_uring_enter) note_entered(call);
    const auto holder = holders_.find(call.pid);
    if (holder != holders_.end() && gives_back(number)) read_all(call.pid, holder->second);
}

void TreeRings::ends(const StoppedCall& call) {
    const auto known = calls_.find(call.tid);
    if (known == calls_.end()) return;
    const Call ended = known->second;
    calls_.erase(known);
    if (ended.number == SYS_io_uring_setup && call.info.exit.is_error == 0)
        note_made(call.pid, static_cast<int>(call.info.exit.rval), ended.parameters);
    const auto holder = holders_.find(call.pid);
    if (holder == holders_.end()) return;
    read_all(call.pid, holder->second);
    holder->second.is_read = false;
}

// By an index that a thread registered a ring is entered without its descriptor; by another one it came from elsewhere.
void TreeRings::note_entered(const StoppedCall& call) {
    const bool by_index = (call.info.entry.args[3] & IORING_ENTER_REGISTERED_RING) != 0;
    const auto known = holders_.find(call.pid);
    if (!by_index && known != holders_.end() && known->second.descriptors.contains(static_cast<int>(call.info.entry.args[0])))
        return;
    find_all(call.pid);
    if (!by_index || gap_) return;
    // Which ring it is nobody says: it is seen when each that the process had still has a descriptor.
    std::set<std::uint64_t> seen;
    const auto holder = holders_.find(call.pid);
    if (holder != holders_.end()) {
        for (const int descriptor : holder->second.descriptors) {
            if (const std::optional<std::uint64_t> inode = ring_inode(call.pid, descriptor)) seen.insert(*inode);
        }
    }
    if (seen.empty() || !std::ranges::includes(seen, holder->second.inodes)) gap_ = no_descriptor;
}

// The kernel has written the parameters back.
void TreeRings::note_made(pid_t pid, int descriptor, std::uint64_t parameters) {
    constexpr std::uint32_t registered_only = 1U << 15;  // IORING_SETUP_REGISTERED_FD_ONLY, which an older header has not
    const std::optional<std::uint64_t> flags = word_at(pid, parameters + offsetof(io_uring_params, flags));
    const bool is_index = flags && (static_cast<std::uint32_t>(*flags) & registered_only) != 0;
    if (!is_index && ring_inode(pid, descriptor)) {
        holders_[pid].descriptors.insert(descriptor);
    } else if (!gap_) {
        gap_ = no_descriptor;
    }
}

// It has what its parent had.
void TreeRings::forked(pid_t pid) {
    if (!rings_.empty()) find_all(pid);
}

void TreeRings::thread_ends(pid_t pid) {
    const auto holder = holders_.find(pid);
    if (holder == holders_.end()) return;
    find_all(pid);
    read_all(pid, holder->second);
    holder->second.is_read = true;
}

void TreeRings::ended(pid_t pid) {
    const auto holder = holders_.find(pid);
    if (holder == holders_.end()) return;
    if (!holder->second.is_read && !gap_)
        gap_ = fmt::format("process {} was killed before the tails of its rings could be read", pid);
    holders_.erase(holder);
}

void TreeRings::find_all(pid_t pid) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid), error)) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry.path(), gone) == ring_link && !gone)
            holders_[pid].descriptors.insert(std::atoi(entry.path().filename().c_str()));
    }
}

void TreeRings::read_all(pid_t pid, Holder& holder) {
    if (gap_) return;
    for (const int descriptor : holder.descriptors) {
        if (const std::optional<std::uint64_t> inode = ring_inode(pid, descriptor)) {
            holder.inodes.insert(*inode);
            read_ring(pid, descriptor, *inode);
        }
    }
}

void TreeRings::read_ring(pid_t pid, int descriptor, std::uint64_t inode) {
    const RingTails tails = tails_of(pid, descriptor);
    if (!tails.sqes.present() || !tails.cqes.present()) {
        if (!gap_) gap_ = tails.sqes.present() ? tails.cqes.reason() : tails.sqes.reason();
        return;
    }
    Ring& ring = rings_[inode];
    advance(ring.sqes, tails.sqes.value());
    advance(ring.cqes, tails.cqes.value());
}

Snapshot TreeRings::read() const {
    std::uint64_t sqes = 0;
    std::uint64_t cqes = 0;
    for (const auto& [inode, ring] : rings_) {
        sqes += ring.sqes;
        cqes += ring.cqes;
    }
    const Snapshot counts{{{"sqes", ""}, sqes}, {{"cqes", ""}, cqes}};
    return gap_ ? counts.without_readings(*gap_) : counts;
}

}  // namespace tare
