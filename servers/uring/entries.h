// SPDX-License-Identifier: Apache-2.0
// Fills send entries for the kinds of output, and names the opcodes they use.
#pragma once

#include <liburing.h>

#include <cstddef>
#include <cstdint>

#include "servers/path/byte_buffer.h"
#include "servers/path/gathered_output.h"

namespace tare::uring {

// The opcode that sends an output whose epoll server would use `send_call`.
constexpr std::uint8_t send_opcode(SystemCall send_call, bool zero_copy) {
    if (send_call == SystemCall::sendmsg) return zero_copy ? IORING_OP_SENDMSG_ZC : IORING_OP_SENDMSG;
    return zero_copy ? IORING_OP_SEND_ZC : IORING_OP_SEND;
}

// Both fill the entry and return how many bytes it sends; the output must not change until the send is retired.
inline std::size_t prepare_send(io_uring_sqe* sqe, int fd, ByteBuffer& output, unsigned message_flags, bool zero_copy) {
    if (zero_copy) {
        io_uring_prep_send_zc(sqe, fd, output.view().data(), output.size_bytes(), static_cast<int>(message_flags), 0);
    } else {
        io_uring_prep_send(sqe, fd, output.view().data(), output.size_bytes(), static_cast<int>(message_flags));
    }
    return output.size_bytes();
}

inline std::size_t prepare_send(io_uring_sqe* sqe, int fd, GatheredOutput& output, unsigned message_flags, bool zero_copy) {
    const msghdr* const message = output.message();
    io_uring_prep_sendmsg(sqe, fd, message, message_flags);
    if (zero_copy) sqe->opcode = IORING_OP_SENDMSG_ZC;
    std::size_t size_bytes = 0;
    for (std::size_t index = 0; index < message->msg_iovlen; ++index) size_bytes += message->msg_iov[index].iov_len;
    return size_bytes;
}

}  // namespace tare::uring
