// SPDX-License-Identifier: Apache-2.0
// The list of io_uring wirings.
#include "servers/back_ends.h"
#include "servers/path/ladder.h"
#include "servers/uring/loop.h"
#include "servers/uring/oneshot.h"
#include "servers/variant_of.h"

namespace tare::uring {

using Wirings = TypeList<Oneshot>;

void add_variants(std::vector<Variant>& rows) { add_all<Loop>(rows, "uring", Wirings{}, Ladder{}); }

}  // namespace tare::uring
