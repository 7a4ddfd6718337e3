// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/uprobes.h"

#include <sys/utsname.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "core/check.h"
#include "core/error.h"
#include "probes/attach/bpf_object.h"
#include "probes/attach/first_instruction.h"
#include "probes/attach/kernel_support.h"
#include "probes/attach/probed_code.h"
#include "probes/attach/uprobe_multi.h"
#include "probes/bpf/shared/function_cookie.h"

namespace tare {
namespace {

std::uint64_t cookie_of(const FunctionEntry& entry, Reach reach, bool passes, std::size_t layer, std::uint64_t offset) {
    const std::uint64_t flags = (reach == Reach::root ? of_root : 0) | (entry.enters_another ? enters_another : 0) |
                                (entry.stack_arguments ? stack_arguments : 0) | (entry.leaves_by_jump ? leaves_by_jump : 0) |
                                (passes ? passes_on : 0);
    return flags | (entry.function << function_shift) | (layer << layer_shift) | (offset << offset_shift);
}

}  // namespace

// Where the probes of one file stand, in bytes from its start, the cookie of each, and its semaphore.
struct Uprobes::Places {
    std::vector<std::uint64_t> offsets;
    std::vector<std::uint64_t> cookies;
    std::vector<std::uint64_t> semaphores;
};

UprobeWay best_uprobe_way() {
    static const UprobeWay best = has_uprobe_multi() ? UprobeWay::multi_link : UprobeWay::perf_events;
    return best;
}

bool uprobes_outlive_first_thread() {
    constexpr std::pair since{6, 12};
    utsname kernel{};
    std::pair version{0, 0};
    if (::uname(&kernel) != 0) return false;
    if (std::sscanf(static_cast<const char*>(kernel.release), "%d.%d", &version.first, &version.second) != 2) return false;
    return best_uprobe_way() == UprobeWay::multi_link && version >= since;
}

void Uprobes::prepare(bpf_program* at_entry, bpf_program* at_exit) {
    for (bpf_program* const program : {at_entry, at_exit}) {
        if (program != nullptr && way_ == UprobeWay::multi_link)
            bpf_program__set_expected_attach_type(program, uprobe_multi_type);
    }
    at_entry_ = at_entry;
    at_exit_ = at_exit;
}

void Uprobes::cover(const CodeFile& file, Reach reach, const FileEntries& functions) {
    check(at_entry_ != nullptr && tables_ != nullptr, "Uprobes::cover() before prepare() and share()");
    if (!covered_.emplace(file.id(), reach).second) return;
    const std::size_t layer = layer_of(file, functions);
    std::map<std::uint64_t, std::size_t> counted_at;
    Places entries;
    for (const FunctionEntry& entry : functions.entries) {
        const auto [known, fresh] = counted_at.emplace(entry.offset, entry.function);
        if (fresh) {
            const std::uint64_t offset = probed_offset(file.path(), entry.offset);
            const std::uint64_t cookie = cookie_of(entry, reach, functions.passes_on, layer, offset);
            entries.offsets.push_back(offset);
            entries.cookies.push_back(cookie);
            entries.semaphores.push_back(entry.semaphore_offset);
        } else if (known->second != entry.function) {
            aliases_[known->second].insert(entry.function);
        }
    }
    // First the exits: of a call that is seen to begin the end is seen, too.
    if (at_exit_ != nullptr)
        attach(at_exit_, file, reach,
               {functions.exits, std::vector(functions.exits.size(), cookie_of({}, reach, false, 0, 0)),
                std::vector<std::uint64_t>(functions.exits.size())});
    attach(at_entry_, file, reach, entries);
}

void Uprobes::detach() {
    multi_links_.clear();
    event_links_.clear();
}

std::string Uprobes::name(std::size_t function) const {
    std::string name = names_[function];
    const auto aliases = aliases_.find(function);
    if (aliases == aliases_.end()) return name;
    for (const std::size_t alias : aliases->second) name += "_" + names_[alias];
    return name;
}

// What is written here must be there before a probe of the file runs.
std::size_t Uprobes::layer_of(const CodeFile& file, const FileEntries& functions) {
    const auto leaves = [](const FunctionEntry& entry) { return entry.leaves_by_jump; };
    const bool jumps = std::any_of(functions.entries.begin(), functions.entries.end(), leaves);
    if (functions.passes_on || jumps) __atomic_store_n(tables_->remembers_calls, 1, __ATOMIC_RELEASE);
    if (functions.callers.empty()) return 0;
    const auto known = layers_.find(file.id());
    if (known != layers_.end()) return known->second;
    if (tables_->layers * callers_max >= tables_->begins.size() || functions.callers.size() > callers_max)
        throw cannot_measure(file.name() + ": more allocators, or functions of one that call another, than can be told apart");
    const std::size_t layer = tables_->layers++;
    for (std::size_t index = 0; index < functions.callers.size(); ++index) {
        tables_->begins[layer * callers_max + index] = functions.callers[index].begin;
        __atomic_store_n(&tables_->ends[layer * callers_max + index], functions.callers[index].end, __ATOMIC_RELEASE);
    }
    return layers_.emplace(file.id(), layer).first->second;
}

void Uprobes::attach(const bpf_program* program, const CodeFile& file, Reach reach, const Places& places) {
    if (places.offsets.empty()) return;
    prepare_for_probes(file, places.offsets, reach);
    for (const std::uint64_t offset : places.offsets) file.note_probe(offset);
    if (way_ == UprobeWay::multi_link) {
        const pid_t pid = reach == Reach::root ? target_.pid : 0;  // 0: every process
        OwnedFd link =
            create_uprobe_multi(bpf_program__fd(program), pid, file.path(), places.offsets, places.cookies, places.semaphores);
        if (!link) throw_bpf_refused("attach uprobes to " + file.name(), errno);
        multi_links_.push_back(std::move(link));
        return;
    }
    const pid_t pid = reach == Reach::root ? target_.pid : -1;  // -1: every process
    for (std::size_t index = 0; index < places.offsets.size(); ++index) {
        bpf_uprobe_opts options{};
        options.sz = sizeof(options);
        options.bpf_cookie = places.cookies[index];
        options.ref_ctr_offset = places.semaphores[index];
        bpf_link* const link =
            bpf_program__attach_uprobe_opts(program, pid, file.path().c_str(), places.offsets[index], &options);
        if (link == nullptr && (errno == EACCES || errno == EPERM) && may_use_bpf() && !has_sys_admin())
            throw cannot_measure("attach uprobe to " + file.name() + ": " + error_text(errno) +
                                 "; before Linux 6.10 a uprobe is a perf event, which needs CAP_SYS_ADMIN beside CAP_BPF and "
                                 "CAP_PERFMON; run as root");
        if (link == nullptr) throw_bpf_refused("attach uprobe to " + file.name(), errno);
        event_links_.emplace_back(link);
    }
}

}  // namespace tare
