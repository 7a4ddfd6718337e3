// SPDX-License-Identifier: Apache-2.0
#include "probes/system_calls.h"

#include <bpf/bpf.h>
#include <sys/syscall.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "probes/bpf_object.h"
#include "probes/system_call_name.h"
#include "system_calls.skel.h"

namespace tare {
namespace {

constexpr std::uint8_t read_like = 1;
constexpr std::uint8_t sized = 2;
constexpr std::uint8_t counts_events = 4;

constexpr std::uint32_t threads_max = 65536;  // that ever called

// As in system_calls.bpf.c.
struct ThreadKey {
    std::uint32_t tid;
    std::uint32_t tgid;
    std::uint64_t start_time_ns;
};
struct ThreadCalls {
    std::uint64_t calls;
    std::array<char, 16> name;
};

// The threads of a process by their ids, which follow the order in which they began.
std::set<std::uint32_t> threads_of(pid_t pid) {
    std::set<std::uint32_t> ids;
    std::error_code error;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", error))
        ids.insert(static_cast<std::uint32_t>(std::atoi(task.path().filename().c_str())));
    return ids;
}

// Each thread as a part, named by its id, or by its place in the order in which they began, which repetitions share, and its
// last name. One of `known` has its place before its first call, so that no other's name changes with it; then that order is
// that of the ids.
void add_threads(Snapshot& snapshot, int map, const std::set<std::uint32_t>& known, bool by_id) {
    std::multimap<std::uint64_t, std::pair<std::uint32_t, ThreadCalls>> in_order;
    std::set<std::uint32_t> silent = known;
    ThreadKey key{};
    for (const ThreadKey* before = nullptr; bpf_map_get_next_key(map, before, &key) == 0; before = &key) {
        ThreadCalls thread{};
        if (bpf_map_lookup_elem(map, &key, &thread) != 0) continue;
        in_order.emplace(known.empty() ? key.start_time_ns : key.tid, std::pair(key.tid, thread));
        silent.erase(key.tid);
    }
    for (const std::uint32_t id : silent) in_order.emplace(id, std::pair(id, ThreadCalls{}));
    std::uint64_t total = 0;
    std::size_t place = 0;
    for (const auto& [order, each] : in_order) {
        const auto& [tid, thread] = each;
        total += thread.calls;
        const std::string name = by_id ? std::to_string(tid) : std::to_string(place) + " " + thread.name.data();
        ++place;
        if (thread.calls > 0) snapshot.emplace(Quantity{"thread_syscalls", name}, thread.calls);
    }
    snapshot.emplace(Quantity{"thread_syscalls", ""}, total);
}

class SystemCalls : public Probe {
public:
    explicit SystemCalls(const Target& target) : programs_(target), threads_by_id_(target.threads_by_id) {
        // Ids in a namespace of its own are not those that the programs see.
        const bool counts_threads =
            target.counts_threads && (target.tree != nullptr || programs_->rodata->target_namespace_inode == 0);
        if (counts_threads && target.tree == nullptr) threads_ = threads_of(target.pid);
        programs_->rodata->counts_threads = counts_threads;
        bpf_map__set_autocreate(programs_->maps.threads, counts_threads);
        bpf_map__set_max_entries(programs_->maps.threads, threads_max);
        for (const int number : {SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_recvfrom, SYS_sendto})
            programs_->rodata->traits[number] = read_like | sized;
        for (const int number : {SYS_readv, SYS_writev, SYS_recvmsg, SYS_sendmsg}) programs_->rodata->traits[number] = read_like;
        for (const int number : {SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2})
            programs_->rodata->traits[number] = counts_events;
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "syscalls", programs_->bss->entered, system_call_name);
        add_table(snapshot, "syscalls_eagain", programs_->bss->again, system_call_name);
        add_table(snapshot, "syscalls_short", programs_->bss->partial, system_call_name);
        add_table(snapshot, "syscalls_zero", programs_->bss->empty, system_call_name);
        add_table(snapshot, "wait_events", programs_->bss->events, system_call_name);
        if (programs_->rodata->counts_threads)
            add_threads(snapshot, bpf_map__fd(programs_->maps.threads), threads_, threads_by_id_);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<system_calls_bpf> programs_;
    bool threads_by_id_;
    std::set<std::uint32_t> threads_;  // of one process, when the probe was attached
};

}  // namespace

std::unique_ptr<Probe> attach_system_calls(const Target& target) { return std::make_unique<SystemCalls>(target); }

}  // namespace tare
