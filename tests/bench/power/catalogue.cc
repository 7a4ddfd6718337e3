// SPDX-License-Identifier: Apache-2.0
// What the two programs' catalogues have in common.
#include "servers/catalogue.h"

#include <algorithm>
#include <string>

#include "core/error.h"

namespace tare {

std::span<const Alias> aliases() { return {}; }

const Variant& variant_named(std::string_view name) {
    const auto found = std::ranges::find(variants(), name, &Variant::name);
    if (found == variants().end()) throw usage_error("'" + std::string(name) + "' is none of the patched servers");
    return *found;
}

}  // namespace tare
