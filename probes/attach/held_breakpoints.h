// SPDX-License-Identifier: Apache-2.0
// The kernel puts the breakpoint of a uprobe into memory when a file is mapped or a link is made, and not where memory becomes
// executable later (mprotect), nor for a link whose process has lost its first thread. There a link of its own, which counts
// nothing, puts the breakpoints of a file's probes into place, for every process; the probes' own links then count.
#pragma once

#include <map>

#include "core/owned_fd.h"
#include "probes/symbols/code_file.h"

namespace tare {

class HeldBreakpoints {
public:
    // At every place that was noted of the file. Returns whether the kernel has such links and took it (best_uprobe_way()).
    bool place(const CodeFile& file);

private:
    OwnedFd program_;
    std::map<FileId, OwnedFd> links_;
};

}  // namespace tare
