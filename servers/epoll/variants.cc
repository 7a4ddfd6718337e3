// SPDX-License-Identifier: Apache-2.0
// The list of epoll wirings.
#include "servers/back_ends.h"
#include "servers/epoll/loop.h"
#include "servers/epoll/wirings.h"
#include "servers/path/ladder.h"
#include "servers/variant_of.h"

namespace tare::epoll {

using Wirings = TypeList<Level, EdgeDrain, EdgeShortRead, Rearm>;

void add_variants(std::vector<Variant>& rows) { add_all<Loop>(rows, "epoll", Wirings{}, Ladder{}); }

}  // namespace tare::epoll
