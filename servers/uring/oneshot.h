// SPDX-License-Identifier: Apache-2.0
// Wiring `oneshot`: one receive entry for each read into a provided buffer, one send entry for each write. The reference
// document's io_uring column: SQ push (read), CQ pop, SQ push (write), CQ pop, and the copy out of the provided buffer.
#pragma once

#include <liburing.h>

#include <cstddef>
#include <limits>
#include <string_view>

namespace tare::uring {

// The decisions of a wiring; each other wiring re-states some of them.
struct Oneshot {
    static constexpr std::string_view name = "oneshot";
    static constexpr std::string_view description = "io_uring, one receive and one send entry for each request";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    // IORING_FEAT_ bits without which the kernel would refuse its entries, or worse, take them as something else.
    static constexpr unsigned features = 0;
    // Requests are parsed where the kernel put them; only what is cut is copied to the accumulation buffer.
    static constexpr bool lends_buffers = false;
    // One receive entry serves until the kernel ends it.
    static constexpr bool multishot = false;
    // One completion may hand over several buffers.
    static constexpr bool bundles = false;
    // A send that succeeds completes in silence.
    static constexpr bool skips_send_cqe = false;
    // The receive is linked behind the send, to start when it is done.
    static constexpr bool links_send = false;
    // Connections live in the ring's table instead of the process's.
    static constexpr bool direct_descriptors = false;
    // A kernel thread takes submissions, and completions are awaited without sleeping.
    static constexpr bool polls = false;
    // Replies of at least so many bytes are sent without a copy in the kernel.
    static constexpr std::size_t zero_copy_bytes = std::numeric_limits<std::size_t>::max();
};

}  // namespace tare::uring
