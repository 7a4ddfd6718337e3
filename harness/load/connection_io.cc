// SPDX-License-Identifier: Apache-2.0
#include "harness/load/connection_io.h"

#include "core/check.h"
#include "harness/load/epoll_io.h"
#include "harness/load/uring_io.h"

namespace tare {

std::unique_ptr<ConnectionIo> make_connection_io(ClientIo io, const LoadPlan& plan, std::span<LoadConnection> connections) {
    check(io != ClientIo::automatic, "the client's I/O is not chosen");
    if (io == ClientIo::epoll) return std::make_unique<EpollIo>(connections);
    return std::make_unique<UringIo>(plan, connections);
}

}  // namespace tare
