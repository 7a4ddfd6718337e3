// SPDX-License-Identifier: Apache-2.0
#include "probes/uprobes.h"

#include <cerrno>
#include <map>

#include "probes/bpf_object.h"
#include "probes/first_instruction.h"
#include "probes/uprobe_multi.h"

namespace tare {

UprobeWay best_uprobe_way() {
    static const UprobeWay best = has_uprobe_multi() ? UprobeWay::multi_link : UprobeWay::perf_events;
    return best;
}

void Uprobes::prepare(bpf_program* program) const {
    if (way_ == UprobeWay::multi_link) bpf_program__set_expected_attach_type(program, uprobe_multi_type);
}

std::vector<std::string> Uprobes::attach(const bpf_program* program, const std::string& path,
                                         std::span<const ProbedFunction> functions) {
    std::vector<std::string> names;
    std::map<std::uint64_t, std::size_t> first_at;
    std::vector<std::uint64_t> offsets;
    std::vector<std::uint64_t> cookies;
    for (const ProbedFunction& function : functions) {
        const std::size_t index = names.size();
        names.push_back(function.name);
        if (!function.offset) continue;
        const auto [known, fresh] = first_at.emplace(*function.offset, index);
        if (!fresh) {
            names[known->second] += "_" + function.name;
            continue;
        }
        offsets.push_back(probed_offset(path, *function.offset));
        cookies.push_back(index);
    }
    if (offsets.empty()) return names;
    if (way_ == UprobeWay::perf_events) {
        attach_events(program, path, offsets, cookies);
    } else {
        multi_link_ = create_uprobe_multi(bpf_program__fd(program), pid_, path, offsets, cookies);
        if (!multi_link_) throw_bpf_refused("attach uprobes to " + path, errno);
    }
    return names;
}

void Uprobes::attach_events(const bpf_program* program, const std::string& path, std::span<const std::uint64_t> offsets,
                            std::span<const std::uint64_t> cookies) {
    for (std::size_t index = 0; index < offsets.size(); ++index) {
        bpf_uprobe_opts options{};
        options.sz = sizeof(options);
        options.bpf_cookie = cookies[index];
        bpf_link* const link = bpf_program__attach_uprobe_opts(program, pid_, path.c_str(), offsets[index], &options);
        if (link == nullptr) throw_bpf_refused("attach uprobe to " + path, errno);
        event_links_.emplace_back(link);
    }
}

}  // namespace tare
