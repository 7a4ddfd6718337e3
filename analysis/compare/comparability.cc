// SPDX-License-Identifier: Apache-2.0
#include "analysis/compare/comparability.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.h"

namespace tare::compare {
namespace {

using nlohmann::json;

constexpr std::array free{
    FreeField{"run", "the run's own name"},
    FreeField{"schema", "how rows are written; those of schema 1 are read as schema 2"},
    FreeField{"started_at", "two runs cannot begin at one moment"},
    FreeField{"duration_s", "a time that nothing is divided by"},
    FreeField{"command", "says where the run was put; what it measured is in suite and in the rows"},
    FreeField{"tare", "version and revision are what a comparison of two revisions is about; both are shown"},
    FreeField{"subject", "which server it is: revision and build ids are what a comparison is about"},
    FreeField{"probe_cost", "timed anew for each run and never twice the same; no row depends on it"},
    FreeField{"calibration", "timed anew for each run and never twice the same; no row depends on it"},
    FreeField{"order_seed", "drawn anew for each run: the order of the load cells in a pass is random on purpose"},
    FreeField{"warnings", "what the run met with; shown below the comparison, and the rows it concerns are absent"},
};

// `under("machine", "machine.kernel")`: whether the first name covers the second.
bool under(std::string_view name, std::string_view field) {
    return field == name || (field.starts_with(name) && field.size() > name.size() && field[name.size()] == '.');
}

std::string text_of(const json& value) {
    if (value.is_string()) return value.get<std::string>();
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void collect(std::map<std::string, std::string>& fields, const std::string& path, const json& value) {
    const auto below = [&](const std::string& name) { return path.empty() ? name : path + "." + name; };
    if (value.is_object() && !value.empty()) {
        for (const auto& [key, member] : value.items()) collect(fields, below(key), member);
        return;
    }
    if (!value.is_array() || value.empty()) {
        fields.emplace(path, text_of(value));
        return;
    }
    std::set<std::string> taken;
    for (std::size_t index = 0; index < value.size(); ++index) {
        json member = value[index];
        std::string name = std::to_string(index);
        if (member.is_object() && member.contains("name") && member["name"].is_string()) {
            if (taken.insert(member["name"].get<std::string>()).second) name = member["name"].get<std::string>();
            if (member.size() > 1) member.erase("name");
        }
        collect(fields, below(name), member);
    }
}

bool is_free(std::string_view field) {
    return std::any_of(free.begin(), free.end(), [&](const FreeField& each) { return under(each.name, field); });
}

}  // namespace

std::span<const FreeField> free_fields() { return free; }

std::map<std::string, std::string> fields_of(const json& environment) {
    std::map<std::string, std::string> fields;
    collect(fields, "", environment);
    return fields;
}

std::vector<FieldDifference> differences(const json& base, const json& head) {
    const auto left = fields_of(base);
    const auto right = fields_of(head);
    std::set<std::string> names;
    for (const auto* const side : {&left, &right}) {
        for (const auto& [name, value] : *side) names.insert(name);
    }
    std::vector<FieldDifference> found;
    for (const std::string& name : names) {
        const auto of = [&](const auto& side) { return side.contains(name) ? side.at(name) : std::string("(missing)"); };
        // A text that reads "(missing)" is no missing field.
        if (is_free(name) || (left.contains(name) == right.contains(name) && of(left) == of(right))) continue;
        found.push_back({name, of(left), of(right)});
    }
    return found;
}

std::vector<FieldDifference> forced_differences(const json& base, const json& head, const std::vector<std::string>& forced) {
    auto known = fields_of(base);
    known.merge(fields_of(head));
    for (const std::string& name : forced) {
        const auto covers = [&](const auto& field) { return under(name, field.first); };
        if (std::none_of(known.begin(), known.end(), covers))
            throw usage_error(fmt::format("--force-incomparable '{}': no such field in environment.json of either run", name));
    }
    std::vector<FieldDifference> passed;
    std::string refused;
    for (FieldDifference& difference : differences(base, head)) {
        const auto covers = [&](const std::string& name) { return under(name, difference.name); };
        if (std::none_of(forced.begin(), forced.end(), covers))
            refused += fmt::format("\n  {}: base '{}', head '{}'", difference.name, difference.base, difference.head);
        else
            passed.push_back(std::move(difference));
    }
    if (!refused.empty())
        throw data_refused("the runs are not comparable; they differ in" + refused +
                           "\n(--force-incomparable FIELD compares them all the same, and says so in the output)");
    return passed;
}

}  // namespace tare::compare
