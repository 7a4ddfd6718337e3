// SPDX-License-Identifier: Apache-2.0
// Which two runs may be compared: those whose environment.json are alike in every field but the few that cannot matter,
// each of which stands in a list with its reason. A field that this program never heard of matters.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tare::compare {

// A field of environment.json that may differ, and why. Its name covers what stands under it.
struct FreeField {
    std::string_view name;
    std::string_view why;
};
std::span<const FreeField> free_fields();

// The values of an environment by their path: "machine.kernel", "probes.copies.status"; a list's members go by their `name`,
// or by their place.
std::map<std::string, std::string> fields_of(const nlohmann::json& environment);

// A field that differs; "(missing)" on the side that does not have it.
struct FieldDifference {
    std::string name;
    std::string base;
    std::string head;
};

// Where the two differ, but for the free fields.
std::vector<FieldDifference> differences(const nlohmann::json& base, const nlohmann::json& head);

// The differences that `forced` lets pass; a name there covers what stands under it. Throws data_refused with every other
// difference, field and values; usage_error for a forced name that neither run has.
std::vector<FieldDifference> forced_differences(const nlohmann::json& base, const nlohmann::json& head,
                                                const std::vector<std::string>& forced);

}  // namespace tare::compare
