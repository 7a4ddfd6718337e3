// SPDX-License-Identifier: Apache-2.0
// Which core a server, and which its client, runs on.
#pragma once

#include <vector>

namespace tare {

// Where server and client run. The same core when there is only one.
struct Pinning {
    int server_cpu = 0;
    int client_cpu = 0;
};

// Those that this thread may use. Throws run_failed when the system does not tell.
std::vector<int> allowed_cores();

// The last core that this thread may use for the server, the first for the client. Throws run_failed when the system does not
// tell.
Pinning choose_cores();

// `server_cpu` for the server, another one that this thread may use for the client, if there is one. Throws usage_error when
// this thread may not use it.
Pinning choose_cores_with(int server_cpu);

// The calling thread runs on this core only. Throws run_failed when it may not.
void pin_this_thread(int cpu);

// The calling thread runs on those cores again that it might use before it was first pinned, if it was; false, with errno, when
// it may not. For a child before its exec, too: nothing is allocated.
bool use_all_cores();

}  // namespace tare
