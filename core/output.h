// SPDX-License-Identifier: Apache-2.0
// Where a user wants text to go: stdout, or what an option's path names. It is written to, never over: a device, a FIFO and a
// link stay what they are, and a file keeps its mode, its owner and its other names. Files of tare's own (a run's folder) are
// atomic_file.h's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/owned_fd.h"

namespace tare {

class Output {
public:
    // Finds out whether `path` (empty: stdout) can be written, so that nothing is measured for what cannot; `option` names it in
    // messages. A path to a descriptor of this process (/dev/stdout, /proc/self/fd/3) is that descriptor. Waits a minute, and
    // says so, for a FIFO to be opened by its reader. Throws usage_error for a path that cannot be written; run_failed for a
    // closed stdout and a FIFO that nobody reads.
    explicit Output(const std::string& path, std::string option = "--output");
    // The same, with the text after what is there.
    static Output appending(const std::string& path, std::string option);

    // Writes the whole text and closes; once. A file that is there is written only when the space for the text is: a full disk
    // leaves it as it was. Throws run_failed that names it; a file that was new is gone then.
    void write(std::string_view text);

private:
    struct Appending {};
    Output(const std::string& path, std::string option, Appending);

    void open_stdout();
    void open_path();
    void await_reader();
    void prepare_new();
    bool still_there() const;
    void open_again();
    void create();
    void replace(std::string_view text) const;
    void write_on(std::string_view text) const;
    std::string name() const;

    std::string path_;
    std::string option_;
    bool append_ = false;
    OwnedFd fd_;            // none: the file is made when it is written
    std::string new_file_;  // the file to make, behind all links
    bool created_ = false;
    bool replaces_ = false;  // the text takes the place of a file's content
    friend void refuse_one_file_for_two(std::span<const Output* const> outputs);
};

// Throws usage_error when two of them are one file: the one would take the other's place.
void refuse_one_file_for_two(std::span<const Output* const> outputs);

// Writes each text, also when another cannot be written; then throws the first failure.
void write_each(std::span<const std::pair<Output*, std::string>> texts);

// All that a command has to say on stdout. Throws run_failed.
void write_stdout(std::string_view text);

}  // namespace tare
