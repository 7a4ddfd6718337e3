/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The results of sock_sendmsg and sock_recvmsg are the bytes that crossed, whichever system call or queue entry asked. */
#include "shared/socket_bytes.h"
#include "target.bpf.h"

__u64 crossed[direction_count];

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_receive, struct sock* socket, int result, int flags) {
    if (result > 0 && is_target()) add(&crossed[bytes_received], result);
    return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock* socket, int result, int flags) {
    if (result > 0 && is_target()) add(&crossed[bytes_sent], result);
    return 0;
}
