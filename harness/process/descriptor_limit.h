// SPDX-License-Identifier: Apache-2.0
// How many descriptors this process, and every server that it starts from then on, may have open.
#pragma once

#include <sys/resource.h>

#include <cstdint>

namespace tare {

// Raises the soft limit so that `connections` fit beside everything else. Throws cannot_measure, naming the hard limit, when
// it does not suffice.
void allow_connections(std::uint64_t connections);

// While it lives, the soft limit is this one, or the hard one where that is lower; then it is again what it was. What is open
// stays so. Where the system refuses, nothing changes.
class SoftDescriptorLimit {
public:
    static constexpr rlim_t highest = RLIM_INFINITY;

    explicit SoftDescriptorLimit(rlim_t limit);
    SoftDescriptorLimit(const SoftDescriptorLimit&) = delete;
    SoftDescriptorLimit& operator=(const SoftDescriptorLimit&) = delete;
    ~SoftDescriptorLimit();

    rlim_t former() const { return former_.rlim_cur; }

private:
    rlimit former_{};
};

}  // namespace tare
