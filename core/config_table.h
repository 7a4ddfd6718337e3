// SPDX-License-Identifier: Apache-2.0
// Tables of the project's TOML files (suites, claims): every error names file, line and what is allowed.
#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace tare {

class ConfigTable {
public:
    // `where` is the file's name for errors, which name no line of a table that no file has. The table and the name must outlive
    // this.
    ConfigTable(const toml::table& table, const std::string& where) : table_(table), where_(where) {}

    // Each of these throws usage_error for what it does not find as it should be.
    void allow(std::span<const std::string_view> keys) const;
    // One value or a list of them; never empty. With `allowed`, only these.
    std::vector<std::string> texts(std::string_view key, std::span<const std::string_view> allowed = {}) const;
    std::vector<std::uint64_t> counts(std::string_view key, std::uint64_t least, std::uint64_t most) const;
    std::string text(std::string_view key, std::span<const std::string_view> allowed = {}) const;
    std::uint64_t count(std::string_view key, std::uint64_t least, std::uint64_t most) const;
    // Neither infinite nor not a number.
    double number(std::string_view key, double least = std::numeric_limits<double>::lowest(),
                  double most = std::numeric_limits<double>::max()) const;
    // One number or a list of them; never empty.
    std::vector<double> numbers(std::string_view key) const;
    bool flag(std::string_view key) const;
    // The array of tables [[key]]; must have one at least.
    std::vector<ConfigTable> tables(std::string_view key) const;
    // A table by its key; nothing when it is not there.
    std::optional<ConfigTable> table(std::string_view key) const;
    std::vector<std::string> keys() const;
    bool has(std::string_view key) const { return table_.contains(key); }
    bool holds_table(std::string_view key) const { return has(key) && node(key).is_table(); }
    // Of the file, in which the table begins.
    std::uint64_t line() const { return table_.source().begin.line; }

    Error wrong(std::string_view key, const std::string& what) const;
    // Of the table as a whole.
    Error wrong(const std::string& what) const { return wrong(table_, what); }

private:
    Error wrong(const toml::node& node, const std::string& what) const;
    const toml::node& node(std::string_view key) const;
    std::vector<const toml::node*> nodes(std::string_view key) const;

    const toml::table& table_;
    const std::string& where_;
};

// Throws usage_error with the line when the text is no TOML.
toml::table parse_toml(std::string_view text, const std::string& where);

}  // namespace tare
