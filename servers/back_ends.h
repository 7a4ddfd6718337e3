// SPDX-License-Identifier: Apache-2.0
// Each back end adds its variants: every wiring of its list with every rung of the ladder, and with the null path.
#pragma once

#include <vector>

#include "servers/catalogue.h"

namespace tare::epoll {
void add_variants(std::vector<Variant>& rows);
}

namespace tare::uring {
void add_variants(std::vector<Variant>& rows);
}
