// SPDX-License-Identifier: Apache-2.0
#include "harness/process/descriptor_limit.h"

#include <fmt/format.h>
#include <algorithm>

#include "core/error.h"

namespace tare {

void allow_connections(std::uint64_t connections) {
    constexpr std::uint64_t others = 128;  // files, pipes, rings
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw system_failed("getrlimit RLIMIT_NOFILE");
    const std::uint64_t needed = connections + others;
    if (limit.rlim_cur >= needed) return;
    if (limit.rlim_max < needed)
        throw cannot_measure(
            fmt::format("{} connections need {} descriptors, and the hard limit RLIMIT_NOFILE (ulimit -Hn) is {}", connections,
                        needed, limit.rlim_max));
    limit.rlim_cur = needed;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw system_failed(fmt::format("setrlimit RLIMIT_NOFILE {}", needed));
}

SoftDescriptorLimit::SoftDescriptorLimit(rlim_t limit) {
    if (::getrlimit(RLIMIT_NOFILE, &former_) != 0) throw system_failed("getrlimit RLIMIT_NOFILE");
    const rlimit wanted{std::min(limit, former_.rlim_max), former_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &wanted);
}

SoftDescriptorLimit::~SoftDescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &former_); }

}  // namespace tare
