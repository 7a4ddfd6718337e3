// SPDX-License-Identifier: Apache-2.0
// Operations of a protocol that a suite describes ([protocol.NAME]): values behind those of core/operation.h, in the order in
// which they stand there. Their names are the protocol's to tell.
#pragma once

#include <cstddef>

#include "core/operation.h"

namespace tare {

inline constexpr std::size_t own_operations_max = 200;

constexpr Operation own_operation(std::size_t place) { return static_cast<Operation>(operation_names.size() + place); }
constexpr bool is_own(Operation operation) { return static_cast<std::size_t>(operation) >= operation_names.size(); }
constexpr std::size_t own_place(Operation operation) { return static_cast<std::size_t>(operation) - operation_names.size(); }

}  // namespace tare
