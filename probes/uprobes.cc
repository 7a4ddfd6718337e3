// SPDX-License-Identifier: Apache-2.0
#include "probes/uprobes.h"

#include <cerrno>
#include <map>

#include "probes/bpf_object.h"
#include "probes/first_instruction.h"

namespace tare {

std::vector<std::string> Uprobes::attach(const std::string& path, std::span<const ProbedFunction> functions) {
    std::vector<std::string> names;
    std::map<std::uint64_t, std::size_t> first_at;
    for (const ProbedFunction& function : functions) {
        names.push_back(function.name);
        if (!function.offset) continue;
        const auto [known, fresh] = first_at.emplace(*function.offset, names.size() - 1);
        if (fresh)
            attach_one(function.program, path, probed_offset(path, *function.offset));
        else
            names[known->second] += "_" + function.name;
    }
    return names;
}

void Uprobes::attach_one(const bpf_program* program, const std::string& path, std::uint64_t offset) {
    bpf_link* const link = bpf_program__attach_uprobe(program, false, pid_, path.c_str(), offset);
    if (link == nullptr) throw_bpf_refused("attach uprobe to " + path, errno);
    links_.emplace_back(link);
}

}  // namespace tare
