// SPDX-License-Identifier: Apache-2.0
// The queue operations of a traced command: the tails of all rings that its processes made, read from fdinfo while they stand
// still, for the last time where a ring is given back. Opcodes are not in them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/snapshot.h"
#include "harness/trace/traced_command.h"

namespace tare {

class TreeRings {
public:
    void begins(const StoppedCall& call);
    void ends(const StoppedCall& call);
    // Its call does not end.
    void thread_replaced(pid_t tid) { calls_.erase(tid); }
    void forked(pid_t pid);
    void thread_ends(pid_t pid);
    void ended(pid_t pid);

    Snapshot read() const;

private:
    struct Ring {
        std::uint64_t sqes = 0;
        std::uint64_t cqes = 0;
    };
    struct Holder {
        std::set<int> descriptors;
        std::set<std::uint64_t> inodes;  // of all rings that it had
        bool is_read = false;            // since it last entered one
    };
    struct Call {
        std::int64_t number = 0;
        std::uint64_t parameters = 0;  // where a ring is made
    };
    void note_entered(const StoppedCall& call);
    void note_made(pid_t pid, int descriptor, std::uint64_t parameters);
    void read_ring(pid_t pid, int descriptor, std::uint64_t inode);
    void read_all(pid_t pid, Holder& holder);
    void find_all(pid_t pid);

    std::map<std::uint64_t, Ring> rings_;  // by inode, which each ring has of its own
    std::map<pid_t, Holder> holders_;
    std::map<pid_t, Call> calls_;  // that a thread is in, where it matters here
    std::optional<std::string> gap_;
};

}  // namespace tare
