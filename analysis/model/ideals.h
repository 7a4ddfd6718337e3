// SPDX-License-Identifier: Apache-2.0
// Which variants stand for "as described" and "ideal" in the report (the servers call the second SERVER/ideal).
#pragma once

#include <array>

#include "run/observation.h"

namespace tare {

struct Ideal {
    const char* name;  // the reference document's
    VariantName described;
    VariantName ideal;
};

inline const std::array<Ideal, 2>& ideals() {
    static const std::array<Ideal, 2> both{
        {{"io_uring", {"uring", "oneshot", "as_described"}, {"uring", "skip_send_cqe", "gathered_reply"}},
         {"mio", {"epoll", "level", "as_described"}, {"epoll", "level", "gathered_reply"}}}};
    return both;
}

}  // namespace tare
