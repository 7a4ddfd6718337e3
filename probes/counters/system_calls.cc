// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/system_calls.h"

#include <bpf/bpf.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <span>
#include <string>

#include "core/plain_text.h"
#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/system_calls.h"
#include "probes/counters/system_call_name.h"
#include "system_calls.skel.h"

namespace tare {
namespace {

constexpr const char* unnamed = "other numbers";  // more of them than the map has room for

constexpr std::uint32_t threads_max = 65536;  // that ever called

constexpr std::array<Gate, gate_count> all_gates{Gate::native, Gate::i386, Gate::x32};

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
    std::multimap<std::uint64_t, std::pair<std::uint32_t, thread_calls>> in_order;
    std::set<std::uint32_t> silent = known;
    thread_key key{};
    for (const thread_key* before = nullptr; bpf_map_get_next_key(map, before, &key) == 0; before = &key) {
        thread_calls thread{};
        if (bpf_map_lookup_elem(map, &key, &thread) != 0) continue;
        in_order.emplace(known.empty() ? key.start_time_ns : key.tid, std::pair(key.tid, thread));
        silent.erase(key.tid);
    }
    for (const std::uint32_t id : silent) in_order.emplace(id, std::pair(id, thread_calls{}));
    std::uint64_t total = 0;
    std::size_t place = 0;
    for (const auto& [order, each] : in_order) {
        const auto& [tid, thread] = each;
        total += thread.calls;
        const std::string name = by_id ? std::to_string(tid) : std::to_string(place) + " " + plain(thread.name);
        ++place;
        if (thread.calls > 0) snapshot.emplace(Quantity{"thread_syscalls", name}, thread.calls);
    }
    snapshot.emplace(Quantity{"thread_syscalls", ""}, total);
}

std::uint64_t count_in(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

std::string name_of_place(std::size_t place) {
    return system_call_name(static_cast<std::int64_t>(place % call_numbers), all_gates[place / call_numbers]);
}

void give_trait(std::span<__u8> traits, std::uint8_t trait, std::span<const char* const> names) {
    for (std::size_t gate = 0; gate < all_gates.size(); ++gate) {
        for (const char* const name : names) {
            const auto number = system_call_number(name, all_gates[gate]);
            if (number && *number < call_numbers) traits[gate * call_numbers + static_cast<std::size_t>(*number)] |= trait;
        }
    }
}

void add_part(Snapshot& snapshot, const char* metric, const std::string& name, std::uint64_t count) {
    if (count == 0) return;
    const auto [part, fresh] = snapshot.emplace(Quantity{metric, name}, count);
    if (!fresh) part->second = part->second + count;
    Reading& total = snapshot.at({metric, ""});
    total = total + count;
}

// The calls of numbers that the tables have no place for, to the totals and as parts of their own.
void add_others(Snapshot& snapshot, int map) {
    call_key call{};
    for (const call_key* before = nullptr; bpf_map_get_next_key(map, before, &call) == 0; before = &call) {
        other_counts counts{};
        if (bpf_map_lookup_elem(map, &call, &counts) != 0) continue;
        const std::string name = system_call_name(call.number, all_gates.at(static_cast<std::size_t>(call.gate)));
        add_part(snapshot, "syscalls", name, counts.entered);
        add_part(snapshot, "syscalls_eagain", name, counts.again);
    }
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
        const std::span<__u8> traits(programs_->rodata->traits);
        give_trait(traits, read_like | sized, std::array{"read", "write", "pread64", "pwrite64", "recvfrom", "sendto"});
        give_trait(traits, read_like, std::array{"readv", "writev", "recvmsg", "sendmsg"});
        give_trait(traits, counts_events, std::array{"epoll_wait", "epoll_pwait", "epoll_pwait2"});
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "syscalls", programs_->bss->entered, name_of_place);
        add_table(snapshot, "syscalls_eagain", programs_->bss->again, name_of_place);
        add_table(snapshot, "syscalls_short", programs_->bss->partial, name_of_place);
        add_table(snapshot, "syscalls_zero", programs_->bss->empty, name_of_place);
        add_table(snapshot, "wait_events", programs_->bss->events, name_of_place);
        add_others(snapshot, bpf_map__fd(programs_->maps.others));
        add_part(snapshot, "syscalls", unnamed, count_in(programs_->bss->entered_unnamed));
        add_part(snapshot, "syscalls_eagain", unnamed, count_in(programs_->bss->again_unnamed));
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
