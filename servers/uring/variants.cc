// SPDX-License-Identifier: Apache-2.0
// The list of io_uring wirings: the ladder, then those beside it.
#include "servers/back_ends.h"
#include "servers/path/ladder.h"
#include "servers/uring/loop.h"
#include "servers/uring/wirings.h"
#include "servers/variant_of.h"

namespace tare::uring {

using Wirings =
    TypeList<Oneshot, LentBuffers, Multishot, SkipSendCqe, Linked, Sqpoll, ZeroCopySend, PlainTaskrun, DirectDescriptors, Bundle>;

void add_variants(std::vector<Variant>& rows) { add_all<Loop>(rows, "uring", Wirings{}, Ladder{}); }

}  // namespace tare::uring
