// SPDX-License-Identifier: Apache-2.0
// The io_uring wirings: the decisions that the loop is instantiated with. `Oneshot` states all of them; each other wiring
// re-states some. The ladder comes first (oneshot, lent_buffers, multishot, skip_send_cqe), then the wirings beside it. Their
// cost is `Loop::cost` (loop.h), computed from these decisions.
#pragma once

#include <liburing.h>

#include <cstddef>
#include <limits>
#include <string_view>

#include "servers/uring/kernel_support.h"

namespace tare::uring {

// `oneshot`: one receive entry for each read into a provided buffer, one send entry for each write. The reference
// document's io_uring column: SQ push (read), CQ pop, SQ push (write), CQ pop, and the copy out of the provided buffer.
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

// `lent_buffers`: requests are parsed in the provided buffer, which goes back when they are served. Reference document,
// "io_uring: Eliminate accum→input_copy", for the other copy: provided→accum goes, unless a request is cut.
struct LentBuffers : Oneshot {
    static constexpr std::string_view name = "lent_buffers";
    static constexpr std::string_view description = "io_uring, parsed in the provided buffer";
    static constexpr bool lends_buffers = true;
};

// `multishot`: one receive entry stays armed and completes for each arrival, so a request costs no entry to receive.
struct Multishot : LentBuffers {
    static constexpr std::string_view name = "multishot";
    static constexpr std::string_view description = "io_uring, one receive entry for many requests";
    static constexpr bool multishot = true;
};

// `skip_send_cqe`: a send that was taken whole completes in silence. Safe with MSG_WAITALL and MSG_DONTWAIT together
// only (checked on Linux 6.18): then each send is retired when the enter that submitted it returns, and what was not taken
// comes back as a completion, to be sent again with one.
struct SkipSendCqe : Multishot {
    static constexpr std::string_view name = "skip_send_cqe";
    static constexpr std::string_view description = "io_uring, sends complete in silence";
    static constexpr unsigned features = IORING_FEAT_CQE_SKIP;
    static constexpr bool skips_send_cqe = true;
};

// `linked`: the next receive is linked behind the send. Reference document, "io_uring: Link read→process→write". Both are
// entries and both complete, so no queue operation is saved; it is here to be counted.
struct Linked : Oneshot {
    static constexpr std::string_view name = "linked";
    static constexpr std::string_view description = "io_uring, the receive linked behind the send";
    static constexpr bool links_send = true;
};

// `sqpoll`: a kernel thread takes submissions and the server awaits completions without sleeping: no system call while
// requests come, and a second core that is never idle.
struct Sqpoll : Multishot {
    static constexpr std::string_view name = "sqpoll";
    static constexpr std::string_view description = "io_uring, a kernel thread submits, completions are spun for";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_SQPOLL;
    static constexpr bool polls = true;
};

// `zero_copy_send`: replies above a size are sent without a copy into the kernel, at the price of a second completion
// that tells when their bytes are free. On loopback the kernel copies anyway when the client receives.
struct ZeroCopySend : Multishot {
    static constexpr std::string_view name = "zero_copy_send";
    static constexpr std::string_view description = "io_uring, large replies sent without a copy in the kernel";
    static constexpr std::size_t zero_copy_bytes = 4096;
};

// `plain_taskrun`: without DEFER_TASKRUN the kernel runs completion work whenever it interrupts the server, not only when
// the server waits for it.
struct PlainTaskrun : Multishot {
    static constexpr std::string_view name = "plain_taskrun";
    static constexpr std::string_view description = "io_uring, completion work at any moment";
    static constexpr unsigned setup_flags = IORING_SETUP_SINGLE_ISSUER;
};

// `direct_descriptors`: connections live in the ring's own table, so no entry looks up a descriptor.
struct DirectDescriptors : Multishot {
    static constexpr std::string_view name = "direct_descriptors";
    static constexpr std::string_view description = "io_uring, connections in the ring's own table";
    static constexpr bool direct_descriptors = true;
};

// `bundle`: one receive may fill several provided buffers and complete once for all of them (Linux 6.10).
struct Bundle : LentBuffers {
    static constexpr std::string_view name = "bundle";
    static constexpr std::string_view description = "io_uring, one completion for several buffers";
    static constexpr unsigned features = feature_receive_bundle;
    static constexpr bool bundles = true;
};

}  // namespace tare::uring
