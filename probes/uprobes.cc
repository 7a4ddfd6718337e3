// SPDX-License-Identifier: Apache-2.0
#include "probes/uprobes.h"

#include <cerrno>
#include <thread>

#include "probes/bpf_object.h"
#include "probes/first_instruction.h"

namespace tare {
namespace {

// In function.bpf.h.
constexpr std::uint64_t of_root = 1;
constexpr std::uint64_t enters_another = 2;

}  // namespace

// The kernel waits for every processor before it lets go of a uprobe, some ten to a hundred milliseconds each (6.18); waits
// that run side by side end together.
Uprobes::~Uprobes() {
    std::vector<std::jthread> waiting;
    for (auto& link : links_) waiting.emplace_back([owned = std::move(link)]() mutable { owned.reset(); });
}

void Uprobes::cover(const CodeFile& file, Reach reach, std::span<const FunctionEntry> entries) {
    if (!covered_.emplace(file.id(), reach).second) return;
    std::map<std::uint64_t, std::size_t> counted_at;
    for (const FunctionEntry& entry : entries) {
        const auto [known, fresh] = counted_at.emplace(entry.offset, entry.function);
        if (fresh)
            attach(file, reach, entry);
        else if (known->second != entry.function)
            aliases_[known->second].insert(entry.function);
    }
}

std::string Uprobes::name(std::size_t function) const {
    std::string name = names_[function];
    const auto aliases = aliases_.find(function);
    if (aliases == aliases_.end()) return name;
    for (const std::size_t alias : aliases->second) name += "_" + names_[alias];
    return name;
}

void Uprobes::attach(const CodeFile& file, Reach reach, const FunctionEntry& entry) {
    const std::uint64_t offset = probed_offset(file.path(), entry.offset);
    bpf_uprobe_opts options{};
    options.sz = sizeof(options);
    options.bpf_cookie = (reach == Reach::root ? of_root : 0) | (entry.enters_another ? enters_another : 0);
    const pid_t pid = reach == Reach::root ? target_.pid : -1;
    bpf_link* const link = bpf_program__attach_uprobe_opts(programs_[entry.function], pid, file.path().c_str(), offset, &options);
    if (link == nullptr) throw_bpf_refused("attach uprobe to " + file.name(), errno);
    links_.emplace_back(link);
}

}  // namespace tare
