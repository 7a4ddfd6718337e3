// SPDX-License-Identifier: Apache-2.0
// Where a file has functions that a user names, as the sources write them: `pthread_mutex_lock`, `store::Table::find`, with its
// arguments or for all of that name, `runtime.mallocgc`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "probes/symbols/code_file.h"
#include "probes/symbols/function_entries.h"

namespace tare {

// Whether a function's symbol is what the user calls `name`: by itself, or demangled and without what a compiler added. Of C++
// and Rust a name without arguments means every function of that name, and without a template's, every instance. A part that was
// cut from a function (`.cold`, `.part.0`) is no function.
bool is_called(std::string_view symbol, std::string_view name);

// The entries of each function, whose `function` is its place in `names`; none for those that the file does not define. Throws
// cannot_measure when it defines one, and which code a call of it runs is not known.
FileEntries user_function_entries(pid_t pid, const CodeFile& file, const std::vector<std::string>& names);

}  // namespace tare
