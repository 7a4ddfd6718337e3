// SPDX-License-Identifier: Apache-2.0
// Which of the built-in protocols a server speaks, asked when it has not understood another.
#pragma once

#include <optional>

#include "harness/load/endpoint.h"
#include "harness/load/protocols/protocol_kind.h"

namespace tare {

// Sends a harmless request of each protocol on a connection of its own; the first that is answered as it should be. Nothing for
// any other server, one that does not accept, and datagrams. Waits half a second for each at most.
std::optional<ProtocolKind> spoken_at(Endpoint endpoint);

}  // namespace tare
