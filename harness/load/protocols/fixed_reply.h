// SPDX-License-Identifier: Apache-2.0
// The text that a null server answers to whatever it is asked, in a file that only has to live until the server is ready.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/owned_fd.h"
#include "harness/load/load_plan.h"

namespace tare {

class FixedReply {
public:
    // Every so many bytes that the server gets are a request. Throws run_failed when the file cannot be written.
    FixedReply(std::string_view text, std::uint64_t request_bytes);

    // What tells a null server of it.
    std::vector<std::string> arguments() const;

private:
    OwnedFd file_;
    std::uint64_t request_bytes_;
};

// The reply to every request of the plan. Throws usage_error when they are not all alike: it must have one key, and one
// operation, which has a reply.
FixedReply fixed_reply_to(const LoadPlan& plan);

}  // namespace tare
