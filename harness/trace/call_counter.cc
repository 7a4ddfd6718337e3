// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/call_counter.h"

#include <linux/audit.h>

#include <span>

#include "core/plain_text.h"
#include "harness/process/running_process.h"

namespace tare {
namespace {

constexpr std::int64_t x32_bit = 0x40000000;

void add_table(Snapshot& snapshot, const char* metric, std::span<const std::uint64_t> table, const auto& name) {
    std::uint64_t total = 0;
    for (std::size_t place = 0; place < table.size(); ++place) {
        total += table[place];
        if (table[place] > 0) snapshot.set({metric, name(place)}, table[place]);
    }
    snapshot.set({metric, ""}, total);
}

void add_part(Snapshot& snapshot, const char* metric, const std::string& name, std::uint64_t count) {
    if (count == 0) return;
    snapshot.add({metric, name}, count);
    snapshot.add({metric, ""}, count);
}

bool waits(std::uint64_t operation) {
    const auto without_flags = static_cast<int>(operation & futex_operation_mask);
    return without_flags == wait_operation || without_flags == wait_bits_operation || without_flags == lock_operation ||
           without_flags == wait_requeue_operation || without_flags == lock2_operation;
}

// How a futex call ended that may have waited; futex_end_count for one that did not.
std::size_t end_of_wait(std::int64_t result) {
    if (result >= 0) return futex_woken;
    if (result == timed_out_error) return futex_timed_out;
    const bool interrupted = result == interrupted_error || result == restart_error || result == restart_block_error;
    return interrupted ? futex_interrupted : futex_end_count;
}

}  // namespace

EnteredCall entered_call(const __ptrace_syscall_info& info) {
    EnteredCall call{Gate::native, static_cast<std::int32_t>(info.entry.nr), info.entry.args[1], info.entry.args[2]};
    if (info.arch == AUDIT_ARCH_I386) {
        call.gate = Gate::i386;
    } else if (call.number >= 0 && (call.number & x32_bit) != 0) {
        call.gate = Gate::x32;
        call.number &= ~x32_bit;
    }
    return call;
}

// `call_places` for those that have none in the tables.
std::size_t CallCounter::place_of(const EnteredCall& call) {
    if (call.number < 0 || call.number >= call_numbers) return call_places;
    return static_cast<std::size_t>(call.gate) * call_numbers + static_cast<std::size_t>(call.number);
}

CallCounter::Counts& CallCounter::counts_of_other(const EnteredCall& call) {
    const std::pair key(call.gate, call.number);
    const auto known = others_.find(key);
    if (known != others_.end()) return known->second;
    return others_.size() < other_calls_max ? others_[key] : unnamed_;
}

void CallCounter::begins(pid_t tid, const EnteredCall& call) {
    const std::size_t place = place_of(call);
    if (place < call_places)
        ++entered_[place];
    else
        ++counts_of_other(call).entered;
    if (!counts_threads_) return;
    const auto [known, fresh] = thread_places_.emplace(tid, threads_.size());
    if (fresh) threads_.emplace_back();
    Thread& thread = threads_[known->second];
    ++thread.calls;
    if (std::string name = name_of_task(tid); !name.empty()) thread.name = std::move(name);
}

void CallCounter::ends(const EnteredCall& call, std::int64_t result) {
    const std::size_t place = place_of(call);
    if (place >= call_places) {
        if (result == again_error) ++counts_of_other(call).again;
        return;
    }
    const std::uint8_t traits = traits_[place];
    const std::uint64_t asked = call.gate == Gate::i386 ? static_cast<std::uint32_t>(call.third) : call.third;
    if (result == again_error) ++again_[place];
    if (result == 0 && (traits & read_like) != 0) ++empty_[place];
    if (result > 0 && (traits & sized) != 0 && static_cast<std::uint64_t>(result) < asked) ++partial_[place];
    if (result > 0 && (traits & counts_events) != 0) events_[place] += static_cast<std::uint64_t>(result);
    const bool may_wait = (traits & futex_waiting) != 0 || ((traits & futex_like) != 0 && waits(call.second));
    if (const std::size_t end = end_of_wait(result); may_wait && end < futex_end_count) ++waited_[end];
}

Snapshot CallCounter::read() const {
    Snapshot snapshot;
    add_table(snapshot, "syscalls", entered_, name_of_call_place);
    add_table(snapshot, "syscalls_eagain", again_, name_of_call_place);
    add_table(snapshot, "syscalls_short", partial_, name_of_call_place);
    add_table(snapshot, "syscalls_zero", empty_, name_of_call_place);
    add_table(snapshot, "wait_events", events_, name_of_call_place);
    add_table(snapshot, "futex_waits", waited_, [](std::size_t end) { return futex_end_names.at(end); });
    for (const auto& [key, counts] : others_) {
        const std::string name = system_call_name(key.second, key.first);
        add_part(snapshot, "syscalls", name, counts.entered);
        add_part(snapshot, "syscalls_eagain", name, counts.again);
    }
    add_part(snapshot, "syscalls", unnamed_calls, unnamed_.entered);
    add_part(snapshot, "syscalls_eagain", unnamed_calls, unnamed_.again);
    if (counts_threads_) add_threads(snapshot);
    return snapshot;
}

void CallCounter::add_threads(Snapshot& snapshot) const {
    std::uint64_t total = 0;
    for (std::size_t place = 0; place < threads_.size(); ++place) {
        total += threads_[place].calls;
        snapshot.set({"thread_syscalls", std::to_string(place) + " " + plain(threads_[place].name)}, threads_[place].calls);
    }
    snapshot.set({"thread_syscalls", ""}, total);
}

}  // namespace tare
