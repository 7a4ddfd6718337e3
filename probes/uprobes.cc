// SPDX-License-Identifier: Apache-2.0
#include "probes/uprobes.h"

#include <cerrno>

#include "core/check.h"
#include "core/error.h"
#include "probes/bpf_object.h"
#include "probes/first_instruction.h"
#include "probes/kernel_support.h"
#include "probes/uprobe_multi.h"

namespace tare {
namespace {

// In function.bpf.h.
constexpr std::uint64_t of_root = 1;
constexpr std::uint64_t enters_another = 2;
constexpr unsigned function_shift = 2;

std::uint64_t cookie_of(const FunctionEntry& entry, Reach reach) {
    return (entry.function << function_shift) | (reach == Reach::root ? of_root : 0) |
           (entry.enters_another ? enters_another : 0);
}

}  // namespace

// Where the probes of one file stand, in bytes from its start, and the cookie of each.
struct Uprobes::Places {
    std::vector<std::uint64_t> offsets;
    std::vector<std::uint64_t> cookies;
};

UprobeWay best_uprobe_way() {
    static const UprobeWay best = has_uprobe_multi() ? UprobeWay::multi_link : UprobeWay::perf_events;
    return best;
}

void Uprobes::prepare(bpf_program* program) {
    if (way_ == UprobeWay::multi_link) bpf_program__set_expected_attach_type(program, uprobe_multi_type);
    program_ = program;
}

void Uprobes::cover(const CodeFile& file, Reach reach, std::span<const FunctionEntry> entries) {
    check(program_ != nullptr, "Uprobes::cover() before prepare()");
    if (!covered_.emplace(file.id(), reach).second) return;
    std::map<std::uint64_t, std::size_t> counted_at;
    Places places;
    for (const FunctionEntry& entry : entries) {
        const auto [known, fresh] = counted_at.emplace(entry.offset, entry.function);
        if (fresh) {
            places.offsets.push_back(probed_offset(file.path(), entry.offset));
            places.cookies.push_back(cookie_of(entry, reach));
        } else if (known->second != entry.function) {
            aliases_[known->second].insert(entry.function);
        }
    }
    if (places.offsets.empty()) return;
    if (way_ == UprobeWay::multi_link)
        attach_multi(file, reach, places);
    else
        attach_events(file, reach, places);
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

void Uprobes::attach_multi(const CodeFile& file, Reach reach, const Places& places) {
    const pid_t pid = reach == Reach::root ? target_.pid : 0;  // 0: every process
    OwnedFd link = create_uprobe_multi(bpf_program__fd(program_), pid, file.path(), places.offsets, places.cookies);
    if (!link) throw_bpf_refused("attach uprobes to " + file.name(), errno);
    multi_links_.push_back(std::move(link));
}

void Uprobes::attach_events(const CodeFile& file, Reach reach, const Places& places) {
    const pid_t pid = reach == Reach::root ? target_.pid : -1;  // -1: every process
    for (std::size_t index = 0; index < places.offsets.size(); ++index) {
        bpf_uprobe_opts options{};
        options.sz = sizeof(options);
        options.bpf_cookie = places.cookies[index];
        bpf_link* const link =
            bpf_program__attach_uprobe_opts(program_, pid, file.path().c_str(), places.offsets[index], &options);
        if (link == nullptr && (errno == EACCES || errno == EPERM) && may_use_bpf() && !has_sys_admin())
            throw cannot_measure("attach uprobe to " + file.name() + ": " + error_text(errno) +
                                 "; before Linux 6.10 a uprobe is a perf event, which needs CAP_SYS_ADMIN beside CAP_BPF and "
                                 "CAP_PERFMON; run as root");
        if (link == nullptr) throw_bpf_refused("attach uprobe to " + file.name(), errno);
        event_links_.emplace_back(link);
    }
}

}  // namespace tare
