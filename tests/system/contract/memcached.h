// SPDX-License-Identifier: Apache-2.0
// The oracle: Debian's memcached on a free port of loopback.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/process/subprocess.h"

namespace tare {

class Memcached {
public:
    // Throws run_failed when it is not installed, or does not accept within five seconds.
    Memcached();
    Memcached(const Memcached&) = delete;
    Memcached& operator=(const Memcached&) = delete;
    // At once: it would take a second to end by itself.
    ~Memcached();

    // What it answers to `request` until it closes, with its version replaced by tare's.
    std::string reply_to(std::string_view request, bool half_close = false) const;

private:
    std::uint16_t port_;
    Subprocess process_;
    std::string version_line_;
};

// `text` with every `from` in it replaced.
std::string replaced(std::string text, std::string_view from, std::string_view to);

}  // namespace tare
