// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/system_calls.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "core/plain_text.h"
#include "probes/attach/bpf_object.h"
#include "probes/attach/process_tree.h"
#include "probes/bpf/shared/system_calls.h"
#include "probes/counters/call_traits.h"
#include "probes/counters/system_call_name.h"
#include "system_calls.skel.h"

namespace tare {
namespace {

constexpr std::uint32_t threads_max = 65536;  // that ever called

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
        if (thread.calls > 0) snapshot.set({"thread_syscalls", name}, thread.calls);
    }
    snapshot.set({"thread_syscalls", ""}, total);
}

// The processes of a tree as parts: those that it had when the probe was attached by their place in the order of their ids and
// their names, those that came later together, by name. A name is the one that a process had when it was first seen.
class Processes {
public:
    Processes(const Target& target, bool counted) : counted_(counted) {
        if (counted_) places_ = placed(target.tree->process_ids());
    }

    void add(Snapshot& snapshot, int map) {
        if (!counted_) return;
        std::map<std::string, std::uint64_t> parts;
        std::uint64_t total = 0;
        thread_key key{};
        for (const thread_key* before = nullptr; bpf_map_get_next_key(map, before, &key) == 0; before = &key) {
            thread_calls thread{};
            if (bpf_map_lookup_elem(map, &key, &thread) != 0) continue;
            const std::string& name = names_.emplace(key.tgid, plain(thread.name)).first->second;
            const auto place = places_.find(key.tgid);
            parts["process " + (place == places_.end() ? "later" : std::to_string(place->second)) + " " + name] += thread.calls;
            total += thread.calls;
        }
        for (const auto& [name, calls] : parts) snapshot.set({"thread_syscalls", name}, calls);
        snapshot.set({"thread_syscalls", ""}, total);
    }

private:
    static std::map<std::uint32_t, std::size_t> placed(const std::set<std::uint32_t>& ids) {
        std::map<std::uint32_t, std::size_t> places;
        for (const std::uint32_t id : ids) places.emplace(id, places.size());
        return places;
    }

    bool counted_;
    std::map<std::uint32_t, std::size_t> places_;
    std::map<std::uint32_t, std::string> names_;
};

std::uint64_t count_in(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

void add_part(Snapshot& snapshot, const char* metric, const std::string& name, std::uint64_t count) {
    if (count == 0) return;
    snapshot.add({metric, name}, count);
    snapshot.add({metric, ""}, count);
}

// The calls of numbers that the tables have no place for, to the totals and as parts of their own.
void add_others(Snapshot& snapshot, int map) {
    call_key call{};
    for (const call_key* before = nullptr; bpf_map_get_next_key(map, before, &call) == 0; before = &call) {
        other_counts counts{};
        if (bpf_map_lookup_elem(map, &call, &counts) != 0) continue;
        const std::string name = system_call_name(call.number, static_cast<Gate>(call.gate));
        add_part(snapshot, "syscalls", name, counts.entered);
        add_part(snapshot, "syscalls_eagain", name, counts.again);
    }
}

class SystemCalls : public Probe {
public:
    explicit SystemCalls(const Target& target)
        : programs_(target),
          names_threads_(target.counts_threads),
          threads_by_id_(target.threads_by_id),
          processes_(target, target.tree != nullptr && target.counts_processes) {
        // Ids in a namespace of its own are not those that the programs see.
        const bool counts_threads =
            target.counts_threads && (target.tree != nullptr || programs_->rodata->target_namespace_inode == 0);
        // Of a tree the places of threads are by when they began: those of a lone process are all known now.
        const bool lone = target.tree == nullptr || (target.tree->process_count() == 1 && !target.threads_by_id);
        if (counts_threads && lone && programs_->rodata->target_namespace_inode == 0) threads_ = threads_of(target.pid);
        names_threads_ = counts_threads;
        const bool keeps_threads = counts_threads || (target.tree != nullptr && target.counts_processes);
        programs_->rodata->counts_threads = keeps_threads;
        bpf_map__set_autocreate(programs_->maps.threads, keeps_threads);
        bpf_map__set_max_entries(programs_->maps.threads, threads_max);
        const CallTraits traits = call_traits();
        std::copy(traits.begin(), traits.end(), programs_->rodata->traits);
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "syscalls", programs_->bss->entered, name_of_call_place);
        add_table(snapshot, "syscalls_eagain", programs_->bss->again, name_of_call_place);
        add_table(snapshot, "syscalls_short", programs_->bss->partial, name_of_call_place);
        add_table(snapshot, "syscalls_zero", programs_->bss->empty, name_of_call_place);
        add_table(snapshot, "wait_events", programs_->bss->events, name_of_call_place);
        add_table(snapshot, "futex_waits", programs_->bss->waited, [](std::size_t end) { return futex_end_names[end]; });
        add_others(snapshot, bpf_map__fd(programs_->maps.others));
        add_part(snapshot, "syscalls", unnamed_calls, count_in(programs_->bss->entered_unnamed));
        add_part(snapshot, "syscalls_eagain", unnamed_calls, count_in(programs_->bss->again_unnamed));
        processes_.add(snapshot, bpf_map__fd(programs_->maps.threads));
        if (names_threads_) add_threads(snapshot, bpf_map__fd(programs_->maps.threads), threads_, threads_by_id_);
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<system_calls_bpf> programs_;
    bool names_threads_;
    bool threads_by_id_;
    Processes processes_;
    std::set<std::uint32_t> threads_;  // of one process, when the probe was attached
};

}  // namespace

std::unique_ptr<Probe> attach_system_calls(const Target& target) { return std::make_unique<SystemCalls>(target); }

}  // namespace tare
