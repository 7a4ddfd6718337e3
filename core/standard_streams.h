// SPDX-License-Identifier: Apache-2.0
// The three descriptors that a program is given, made safe to use: one that is closed stays closed, and a reader that went
// away is an error of the write and not the end of the program.
#pragma once

#include <cstdint>
#include <string_view>

namespace tare {

// First in main(). Keeps the numbers 0 to 2 from files that are opened later: with stdout closed, the next one would be number 1
// and get what is printed. Whoever writes to a pipe without a reader, or beyond the limit of a file's size, gets EPIPE or EFBIG.
// A program that is started later finds its closed descriptors closed and its signals as they were.
void guard_standard_streams();

// Writes lines to stderr, for warnings and errors, as plain text (plain_text.h). What cannot be said is lost, and nothing else:
// it never throws.
void say(std::string_view text);

// How much is said beside warnings and errors: nothing, a line a stage, or a line a step.
enum class Verbosity : std::uint8_t { quiet, normal, verbose };
void set_verbosity(Verbosity verbosity);
Verbosity verbosity();

// say(), of progress and of where things are: unless --quiet was asked for.
void remark(std::string_view text);

// Likewise, on a terminal: the line that is being written, anew.
void remark_over(std::string_view line);

}  // namespace tare
