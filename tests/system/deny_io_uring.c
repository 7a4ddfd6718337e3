// SPDX-License-Identifier: Apache-2.0
// Runs a command where io_uring is refused, as a container's seccomp profile refuses it: deny_io_uring COMMAND [ARGUMENT...]
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL || seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(io_uring_setup), 0) != 0 ||
        seccomp_load(filter) != 0) {
        fprintf(stderr, "deny_io_uring: no seccomp filter\n");
        return 77;
    }
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
