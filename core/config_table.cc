// SPDX-License-Identifier: Apache-2.0
#include "core/config_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "core/nearest_name.h"

namespace tare {
namespace {

std::string shown(const toml::node& node) {
    if (const auto text = node.value_exact<std::string>()) return "'" + *text + "'";
    if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
    return "of another type";
}

}  // namespace

void ConfigTable::allow(std::span<const std::string_view> keys) const {
    for (const auto& [key, value] : table_) {
        if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
            throw wrong(value, fmt::format("unknown key '{}'; allowed: {}{}", key.str(), fmt::join(keys, ", "),
                                           did_you_mean(key.str(), keys)));
    }
}

std::vector<std::string> ConfigTable::texts(std::string_view key, std::span<const std::string_view> allowed) const {
    std::vector<std::string> values;
    for (const toml::node* each : nodes(key)) {
        const auto value = each->value_exact<std::string>();
        if (!value) throw wrong(*each, fmt::format("{} is {}; allowed: text", key, shown(*each)));
        if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), *value) == allowed.end())
            throw wrong(*each, fmt::format("{} is {}; allowed: {}{}", key, shown(*each), fmt::join(allowed, ", "),
                                           did_you_mean(*value, allowed)));
        values.push_back(*value);
    }
    return values;
}

std::vector<std::uint64_t> ConfigTable::counts(std::string_view key, std::uint64_t least, std::uint64_t most) const {
    std::vector<std::uint64_t> values;
    for (const toml::node* each : nodes(key)) {
        const auto value = each->value_exact<std::int64_t>();
        if (!value || *value < 0 || static_cast<std::uint64_t>(*value) < least || static_cast<std::uint64_t>(*value) > most)
            throw wrong(*each, fmt::format("{} is {}; allowed: {} to {}", key, shown(*each), least, most));
        values.push_back(static_cast<std::uint64_t>(*value));
    }
    return values;
}

std::string ConfigTable::text(std::string_view key, std::span<const std::string_view> allowed) const {
    if (node(key).is_array()) throw wrong(node(key), fmt::format("{} is a list; allowed: one text", key));
    return texts(key, allowed).front();
}

std::uint64_t ConfigTable::count(std::string_view key, std::uint64_t least, std::uint64_t most) const {
    if (node(key).is_array()) throw wrong(node(key), fmt::format("{} is a list; allowed: {} to {}", key, least, most));
    return counts(key, least, most).front();
}

double ConfigTable::number(std::string_view key, double least, double most) const {
    const auto value = node(key).value<double>();
    if (value && *value >= least && *value <= most) return *value;
    const bool is_bounded = least > std::numeric_limits<double>::lowest();
    throw wrong(node(key), fmt::format("{} is {}; allowed: a number{}", key, shown(node(key)),
                                       is_bounded ? fmt::format(" from {} to {}", least, most) : ""));
}

std::vector<double> ConfigTable::numbers(std::string_view key) const {
    std::vector<double> values;
    for (const toml::node* each : nodes(key)) {
        const auto value = each->value<double>();
        if (!value || !std::isfinite(*value)) throw wrong(*each, fmt::format("{} is {}; allowed: numbers", key, shown(*each)));
        values.push_back(*value);
    }
    return values;
}

bool ConfigTable::flag(std::string_view key) const {
    const auto value = node(key).value_exact<bool>();
    if (!value) throw wrong(node(key), fmt::format("{} is {}; allowed: true, false", key, shown(node(key))));
    return *value;
}

std::vector<ConfigTable> ConfigTable::tables(std::string_view key) const {
    const toml::array* const array = node(key).as_array();
    if (array == nullptr || array->empty()) throw wrong(node(key), fmt::format("{} must be tables: [[{}]]", key, key));
    std::vector<ConfigTable> all;
    for (const toml::node& each : *array) {
        if (!each.is_table()) throw wrong(each, fmt::format("{} must be tables: [[{}]]", key, key));
        all.emplace_back(*each.as_table(), where_);
    }
    return all;
}

std::optional<ConfigTable> ConfigTable::table(std::string_view key) const {
    if (table_.get(key) == nullptr) return std::nullopt;
    if (!node(key).is_table()) throw wrong(node(key), fmt::format("{} must be a table", key));
    return ConfigTable(*node(key).as_table(), where_);
}

std::vector<std::string> ConfigTable::keys() const {
    std::vector<std::string> names;
    for (const auto& [key, value] : table_) names.emplace_back(key.str());
    return names;
}

Error ConfigTable::wrong(std::string_view key, const std::string& what) const { return wrong(node(key), what); }

Error ConfigTable::wrong(const toml::node& at, const std::string& what) const {
    const std::uint64_t line = at.source().begin.line;
    return usage_error(line == 0 ? fmt::format("{}: {}", where_, what) : fmt::format("{}:{}: {}", where_, line, what));
}

const toml::node& ConfigTable::node(std::string_view key) const {
    const toml::node* const found = table_.get(key);
    if (found == nullptr) throw wrong(table_, fmt::format("'{}' is missing", key));
    return *found;
}

std::vector<const toml::node*> ConfigTable::nodes(std::string_view key) const {
    if (!node(key).is_array()) return {&node(key)};
    std::vector<const toml::node*> all;
    for (const toml::node& each : *node(key).as_array()) all.push_back(&each);
    if (all.empty()) throw wrong(node(key), fmt::format("{} is an empty list", key));
    return all;
}

toml::table parse_toml(std::string_view text, const std::string& where) {
    try {
        return toml::parse(text, where);
    } catch (const toml::parse_error& error) {
        throw usage_error(fmt::format("{}:{}: {}", where, error.source().begin.line, error.description()));
    }
}

}  // namespace tare
