// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/held_breakpoints.h"

#include <cstdint>
#include <vector>

#include "probes/attach/uprobe_multi.h"
#include "probes/attach/uprobes.h"

namespace tare {

bool HeldBreakpoints::place(const CodeFile& file) {
    constexpr pid_t every_process = 0;
    if (best_uprobe_way() != UprobeWay::multi_link) return false;
    if (!program_) program_ = load_idle_program();
    if (!program_) return false;
    const std::vector<std::uint64_t> offsets(file.probed().begin(), file.probed().end());
    const std::vector<std::uint64_t> cookies(offsets.size());
    OwnedFd link = create_uprobe_multi(program_.get(), every_process, file.path(), offsets, cookies);
    if (!link) return false;
    links_.insert_or_assign(file.id(), std::move(link));  // the former one goes when this one stands
    return true;
}

}  // namespace tare
