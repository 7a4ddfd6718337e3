// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/followed_command.h"

#include <linux/audit.h>
#include <sched.h>
#include <sys/syscall.h>

#include <map>
#include <memory>
#include <utility>

#include "core/error.h"
#include "harness/process/interrupt.h"
#include "harness/trace/call_counter.h"
#include "harness/trace/preload_memory.h"
#include "harness/trace/preloaded_tree.h"
#include "harness/trace/stopped_memory.h"
#include "harness/trace/traced_command.h"
#include "harness/trace/tree_rings.h"
#include "probes/catalogue.h"

namespace tare {
namespace {

// The metrics of the library: those of the catalogue's probes of functions.
Snapshot absent_functions(const std::string& reason) {
    Snapshot absent;
    for (const ProbeInfo& probe : probe_catalogue()) {
        if (probe.source != Source::bpf || probe.kind != ProbeKind::slow_counter) continue;
        for (const std::string_view metric : probe.metrics) absent.set({std::string(metric), ""}, Absent{reason});
    }
    return absent;
}

// What a child is made with, by the calls that say it; read from memory where it is there.
std::uint64_t clone_flags(const StoppedCall& call) {
    const auto& entry = call.info.entry;
    if (call.info.arch == AUDIT_ARCH_I386) {
        constexpr std::uint64_t call32_clone = 120;
        return entry.nr == call32_clone ? entry.args[0] : 0;
    }
    if (entry.nr == SYS_clone) return entry.args[0];
    if (entry.nr != SYS_clone3) return 0;
    const std::optional<std::uint64_t> flags = word_at(call.pid, entry.args[0]);
    return flags.value_or(0);
}

// The library and its memory, or why a command has to do without.
class Preloading {
public:
    Preloading() {
        try {
            library_ = preload_library();
            memory_ = std::make_unique<PreloadMemory>();
        } catch (const Error& error) {
            refusal_ = error.what();
        }
    }
    PreloadMemory* memory() const { return memory_.get(); }
    const std::string& library() const { return library_; }
    const std::string& refusal() const { return refusal_; }

private:
    std::string library_;
    std::unique_ptr<PreloadMemory> memory_;
    std::string refusal_;
};

class FollowedTree : public TreeObserver {
public:
    FollowedTree(pid_t root, const Preloading& preloading, bool counts_threads)
        : root_(root), calls_(counts_threads), not_preloaded_(preloading.refusal()) {
        if (preloading.memory() != nullptr) preloaded_.emplace(root, preloading.library(), *preloading.memory());
    }

    void executed(pid_t pid) override {
        if (pid == root_) begun_ = true;
        if (preloaded_) preloaded_->executed(pid);
    }
    void forked(pid_t pid) override {
        if (!begun_) return;
        ++process_count_;
        if (preloaded_) preloaded_->forked(pid);
        rings_.forked(pid);
    }
    void ended(pid_t pid) override {
        if (preloaded_ && begun_) preloaded_->ended(pid);
        rings_.ended(pid);
    }
    void first_thread_ends(pid_t) override {}
    // What it was in did not end: the exec's result is none of it.
    void first_thread_replaced(pid_t pid) override {
        entered_.erase(pid);
        rings_.thread_replaced(pid);
    }
    void mapped(pid_t) override {}
    void copied_probe(pid_t) override {}

    // Before the command's exec returns its calls are tare's own; their end is seen all the same, for the exec that fails.
    void call_begins(const StoppedCall& call) override {
        entered_.erase(call.tid);
        const bool for_library = preloaded_ && preloaded_->begins(call);
        if (!begun_ || for_library) return;
        const EnteredCall entered = entered_call(call.info);
        calls_.begins(call.tid, entered);
        entered_.emplace(call.tid, entered);
        rings_.begins(call);
        if ((clone_flags(call) & CLONE_UNTRACED) != 0)
            unseen_ =
                "a child or thread was made that nobody may trace (clone with CLONE_UNTRACED): its calls are not seen; "
                "start it without that flag";
    }
    void call_ends(const StoppedCall& call) override {
        if (preloaded_) preloaded_->ends(call);
        const auto entered = entered_.find(call.tid);
        if (entered == entered_.end()) return;
        // What comes out of the return from a signal's handler is the result of another call.
        if (!returns_from_signal(entered->second)) calls_.ends(entered->second, call.info.exit.rval);
        entered_.erase(entered);
        rings_.ends(call);
    }
    void call_unknown(int error_number) override {
        unseen_ = "this kernel does not tell a tracer of calls (PTRACE_GET_SYSCALL_INFO, Linux 5.3): " + error_text(error_number);
    }
    void thread_ends(pid_t, pid_t pid) override { rings_.thread_ends(pid); }
    void thread_ended(pid_t tid) override {
        entered_.erase(tid);
        calls_.thread_ended(tid);
        if (preloaded_) preloaded_->thread_ended(tid);
    }

    std::uint64_t process_count() const { return process_count_; }

    Sources read() const {
        Sources sources;
        sources[Source::ptrace] = whole(calls_.read());
        sources[Source::preload] = whole(preloaded_ ? preloaded_->read() : absent_functions(not_preloaded_));
        sources[Source::fdinfo] = whole(rings_.read());
        return sources;
    }

private:
    static bool returns_from_signal(const EnteredCall& call) {
        constexpr std::int64_t call32_sigreturn = 119, call32_rt_sigreturn = 173, x32_rt_sigreturn = 513;
        if (call.gate == Gate::i386) return call.number == call32_sigreturn || call.number == call32_rt_sigreturn;
        return call.number == (call.gate == Gate::native ? std::int64_t{SYS_rt_sigreturn} : x32_rt_sigreturn);
    }
    Snapshot whole(Snapshot counts) const { return unseen_.empty() ? std::move(counts) : counts.without_readings(unseen_); }

    pid_t root_;
    bool begun_ = false;  // the command's exec has returned
    std::uint64_t process_count_ = 1;
    CallCounter calls_;
    std::map<pid_t, EnteredCall> entered_;  // by tid, of those that are counted
    TreeRings rings_;
    std::optional<PreloadedTree> preloaded_;
    std::string not_preloaded_;
    std::string unseen_;  // why not all calls were
};

// What only the BPF programs count.
Snapshot absent_bpf(const CommandOptions& options, const std::string& reason) {
    Snapshot absent;
    for (const ProbeInfo& probe : probe_catalogue()) {
        if (probe.source != Source::bpf) continue;
        for (const std::string_view metric : probe.metrics) absent.set({std::string(metric), ""}, Absent{reason});
    }
    for (const UserCounter& counter : options.counters) absent.set({counter.name, ""}, Absent{reason});
    return absent;
}

SiteCounts absent_sites(const CommandOptions& options, const std::string& reason) {
    SiteCounts sites;
    for (Measured<std::uint64_t>& total : sites.totals) total = Absent{reason};
    for (const UserCounter& counter : options.counters) sites.counters.push_back(counter.name);
    return sites;
}

}  // namespace

std::optional<CountedCommand> follow_command(const std::vector<std::string>& arguments, const CommandOptions& options,
                                             const std::string& bpf_refusal) {
    const Preloading preloading;  // before the child is made, which has the memory at the same address until it executes
    TracedCommand command(arguments, options.output, options.enter, Follows::calls);
    FollowedTree tree(command.pid(), preloading, options.per_thread);
    if (interrupted()) return std::nullopt;
    CountedCommand counted;
    counted.status = command.run(tree);
    counted.process_count = tree.process_count();
    counted.sources = tree.read();
    counted.sources[Source::bpf] = absent_bpf(options, bpf_refusal);
    if (options.call_sites) counted.sites = absent_sites(options, bpf_refusal);
    return counted;
}

}  // namespace tare
