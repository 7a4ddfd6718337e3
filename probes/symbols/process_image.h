// SPDX-License-Identifier: Apache-2.0
// Where a process has its code, from one exec to the next: what it takes to make sense of its stacks after it has ended. The
// files are held open, since they may be gone by then.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "probes/symbols/code_file.h"

namespace tare {

// Files by their id, so that the processes of a tree share them. A file that cannot be opened is nullptr.
using CodeFiles = std::map<FileId, std::shared_ptr<const CodeFile>>;

class ProcessImage {
public:
    struct Mapped {
        std::uint64_t end = 0;
        std::uint64_t offset = 0;              // of the first byte in the file
        std::shared_ptr<const CodeFile> file;  // nullptr where no file is behind it
        friend bool operator==(const Mapped&, const Mapped&) = default;
    };

    // Adds what the process maps now, and returns whether that is anything new. What it mapped before stays known, unless
    // something else is in its place.
    bool look(pid_t pid, CodeFiles& files);

    // By the address of the first byte.
    const std::map<std::uint64_t, Mapped>& code() const { return code_; }

private:
    std::map<std::uint64_t, Mapped> code_;
};

// Where its arguments begin, which with its id tells the program that it runs from the next that it executes; 0 when it is gone.
std::uint64_t start_of_stack(pid_t pid);

}  // namespace tare
