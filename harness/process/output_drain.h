// SPDX-License-Identifier: Apache-2.0
// What a child prints, read as it comes: a child never waits for a reader, and however much it prints, little is kept.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/owned_fd.h"

namespace tare {

enum class WhenInterrupted : std::uint8_t { stop, read_on };

class OutputDrain {
public:
    // The read ends of the pipes that are its standard output and standard error.
    OutputDrain(OwnedFd output, OwnedFd errors);
    ~OutputDrain();
    OutputDrain(const OutputDrain&) = delete;
    OutputDrain& operator=(const OutputDrain&) = delete;

    // The next line of its standard output, without the line end, in pieces of at least 64 KiB when it is longer; nothing at its
    // end or after `timeout`.
    std::optional<std::string> read_line(std::chrono::milliseconds timeout);
    // The rest of its standard output, until the child closes it. Throws run_failed when it is more than 1 MiB, is not closed
    // within `timeout` or, with `stop`, when this program is interrupted: commands that tidy up are run after that, too.
    std::string read_all(std::chrono::milliseconds timeout, WhenInterrupted then);
    // The last 4 KiB at most of what it wrote to standard error since the last call.
    std::string take_errors();

private:
    struct Stream {
        OwnedFd pipe;
        std::size_t bytes_max = 0;
        std::string unread = {};   // at most about bytes_max, the latest
        bool has_dropped = false;  // some of what came before
    };

    void take_over(Stream& stream);
    void take_over_both();
    void drain();

    std::mutex mutex_;
    std::condition_variable came_;
    Stream output_, errors_;
    OwnedFd stop_;
    std::thread thread_;  // last: it uses all others
};

}  // namespace tare
