// SPDX-License-Identifier: Apache-2.0
// The values of a plan's keys as files, which an HTTP server finds.
#pragma once

#include <cstdint>
#include <vector>

#include "core/owned_fd.h"
#include "harness/load/load_plan.h"
#include "harness/load/value_pool.h"

namespace tare {

// Writes the value of every key of the plan as a file of its name into plan.files, for a server to find; a file that holds its
// value stays as it is. Throws run_failed when it cannot, usage_error when the plan has no such folder.
void write_value_files(const LoadPlan& plan, const ValuePool& pool);

// Whether the plan asks for files in a folder of the user's.
bool needs_value_files(const LoadPlan& plan);

// Writes those of the plan's files that are not there, and removes them when it goes: a folder of the user's is left as it was.
class TemporaryValueFiles {
public:
    // Throws, and leaves nothing behind: usage_error where a file of such a name holds something else, which would be lost, or
    // where another process has its files in the folder; run_failed where a file cannot be written.
    explicit TemporaryValueFiles(const LoadPlan& plan);
    ~TemporaryValueFiles();
    TemporaryValueFiles(const TemporaryValueFiles&) = delete;
    TemporaryValueFiles& operator=(const TemporaryValueFiles&) = delete;

private:
    void remove();

    LoadPlan plan_;
    OwnedFd lock_;  // of the folder, as long as files of this one are in it
    std::vector<std::uint64_t> created_;
};

}  // namespace tare
