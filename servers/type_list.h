// SPDX-License-Identifier: Apache-2.0
// A list of types: the ladders are lists of these.
#pragma once

namespace tare {

template <class... Types>
struct TypeList {};

}  // namespace tare
