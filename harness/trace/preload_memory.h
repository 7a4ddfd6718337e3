// SPDX-License-Identifier: Apache-2.0
// The memory that the preloaded library counts in (probes/preload/preload.c): a file that every process of a command opens by its
// path, so that what was counted outlives forks, execs and any end of a process. Whoever is told that path may write it and cut
// it short, so tare reads and never maps it. A second file, which tare alone writes, is the room in which the environment of an
// exec gets the three variables that bring the library into the next program.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/owned_fd.h"
#include "core/snapshot.h"
#include "harness/process/scratch_folder.h"
#include "probes/preload/counters.h"

namespace tare {

// Path of libtare-preload.so, which is where the reference servers are. Throws cannot_measure when it is not there, or its path
// has a character that separates the libraries of LD_PRELOAD.
std::string preload_library();

class PreloadMemory {
public:
    // Throws run_failed.
    PreloadMemory();
    PreloadMemory(const PreloadMemory&) = delete;
    PreloadMemory& operator=(const PreloadMemory&) = delete;
    ~PreloadMemory();

    // Without symbolic links, as the maps of a process have it; so has preload_library().
    const std::string& path() const { return path_; }
    const std::string& slots_path() const { return slots_path_; }
    // Where this process has the slots; a child has them there, too, until it executes.
    std::uint64_t slots_address() const { return reinterpret_cast<std::uint64_t>(slots_); }

    // Two functions of the malloc family stand at one address in some file: the earlier counts, under both names.
    void note_alias(std::size_t function, std::size_t alias);
    // The malloc and the memcpy family: `allocations` with its bytes and sizes, `copies`, `fills` likewise; absent where somebody
    // cut the file short.
    Snapshot allocations() const;
    Snapshot copies() const;

    // Writes an environment in a slot, as a process reads it that has the slots at `address`: `environment` (addresses of that
    // process), then the library's variables, of which the last names it before `libraries`, those that the program asks for.
    // Returns where the process finds it; none where it is longer than a slot.
    std::optional<std::uint64_t> write_environment(std::size_t slot, std::uint64_t address, const std::string& library,
                                                   std::vector<std::uint64_t> environment, const std::string& libraries);

private:
    std::optional<preload_memory> counted() const;

    ScratchFolder folder_;
    std::string path_;
    std::string slots_path_;
    OwnedFd file_;
    preload_slots* slots_ = nullptr;
    std::array<std::uint64_t, allocation_function_count> aliases_{};  // a bit each
};

}  // namespace tare
