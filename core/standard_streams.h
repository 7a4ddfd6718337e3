// SPDX-License-Identifier: Apache-2.0
// The three descriptors that a program is given, made safe to use: one that is closed stays closed, and a reader that went
// away is an error of the write and not the end of the program.
#pragma once

#include <string_view>

namespace tare {

// First in main(). Keeps the numbers 0 to 2 from files that are opened later: with stdout closed, the next one would be number 1
// and get what is printed. Whoever writes to a pipe without a reader, or beyond the limit of a file's size, gets EPIPE or EFBIG.
// A program that is started later finds its closed descriptors closed and its signals as they were.
void guard_standard_streams();

// Writes to stderr, for progress, warnings and errors. What cannot be said is lost, and nothing else: it never throws.
void say(std::string_view text);

}  // namespace tare
