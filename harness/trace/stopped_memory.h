// SPDX-License-Identifier: Apache-2.0
// The memory of a process that its tracer has stopped.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tare {

// The text that ends with a zero there; none where it cannot be read, or is longer than `most`.
std::optional<std::string> text_at(pid_t pid, std::uint64_t address, std::size_t most);

std::optional<std::uint64_t> word_at(pid_t pid, std::uint64_t address);

// Whether the text there begins so.
bool begins_at(pid_t pid, std::uint64_t address, std::string_view text);

// The words there before one that is 0; none where they cannot be read, or are more than `most`. None at all at address 0.
std::optional<std::vector<std::uint64_t>> words_at(pid_t pid, std::uint64_t address, std::size_t most);

}  // namespace tare
