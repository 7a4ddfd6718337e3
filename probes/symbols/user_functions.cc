// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/user_functions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "core/error.h"
#include "probes/symbols/chosen_version.h"
#include "probes/symbols/demangle.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/go_functions.h"
#include "probes/symbols/wrappers.h"

namespace tare {
namespace {

// The last part of a name, which stands in every symbol of it as it is: "find" of "store::Table::find(int)".
std::string_view identifier_of(std::string_view name) {
    name = name.substr(0, name.find_first_of("(<["));
    const std::size_t end = name.find_last_of(":. ~");
    return end == std::string_view::npos ? name : name.substr(end + 1);
}

bool is_part(std::string_view symbol) {
    return symbol.find(".cold") != std::string_view::npos || symbol.find(".part.") != std::string_view::npos;
}

// Go writes the type arguments of a generic function in brackets.
bool is_go_name(std::string_view symbol, std::string_view name) {
    return symbol.starts_with(name) && (symbol.size() == name.size() || symbol[name.size()] == '[');
}

std::optional<std::size_t> place_in(const std::vector<std::string>& names, const auto& is_it) {
    const auto found = std::find_if(names.begin(), names.end(), is_it);
    return found == names.end() ? std::nullopt : std::optional(static_cast<std::size_t>(found - names.begin()));
}

// What the Go linker names; none when no name can be one of Go's, so that a program that cannot be read does no harm.
std::set<std::size_t> add_go(const ElfFile& elf, const std::string& file, const std::vector<std::string>& names,
                             FileEntries& found) {
    std::set<std::size_t> placed;
    const auto of_go = [&](std::string_view symbol) {
        return place_in(names, [&](const std::string& name) { return is_go_name(symbol, name); });
    };
    if (std::none_of(names.begin(), names.end(), [](const std::string& name) { return name.find('.') != std::string::npos; }))
        return placed;
    for (const GoFunction& function :
         go_functions(elf, file, [&](std::string_view symbol) { return of_go(symbol).has_value(); }).functions) {
        placed.insert(*of_go(function.name));
        found.entries.push_back({.function = *of_go(function.name), .offset = function.offset});
    }
    return placed;
}

// memcpy and memmove are often one code, whose calls nobody can tell apart.
bool is_of_copy_family(std::string_view name) {
    constexpr std::array<std::string_view, 4> family{"memcpy", "memmove", "mempcpy", "memset"};
    return std::find(family.begin(), family.end(), name) != family.end();
}

std::uint64_t offset_of(pid_t pid, const CodeFile& file, const ElfFunction& function) {
    if (!function.is_ifunc) return function.offset;
    if (is_of_copy_family(function.name))
        throw cannot_measure(function.name + " shares its code with others of its family; `copies` and `fills` count them");
    if (!is_own_c_library(file))
        throw cannot_measure(file.name() + " chooses its " + function.name +
                             " when it starts, and which version is known only of the C library that tare runs on");
    return chosen_version(pid, function.name);
}

}  // namespace

bool is_called(std::string_view symbol, std::string_view name) {
    if (symbol == name) return true;
    const bool is_operator = name.find("operator") != std::string_view::npos;  // symbols abbreviate them
    if (is_part(symbol) || (!is_operator && symbol.find(identifier_of(name)) == std::string_view::npos)) return false;
    const std::string whole = demangled(std::string(symbol).c_str());
    const std::string_view written = without_clone(without_return_type(whole));
    if (!written.starts_with(name)) return false;
    const std::string_view rest = written.substr(name.size());
    return rest.empty() || rest.front() == '(' || rest.front() == '<' ||
           (name.ends_with(')') && rest.front() == ' ');  // " const"
}

FileEntries user_function_entries(pid_t pid, const CodeFile& file, const std::vector<std::string>& names) {
    const ElfFile elf(file.path(), file.name());
    FileEntries found;
    const std::set<std::size_t> in_go = is_go(elf) ? add_go(elf, file.name(), names, found) : std::set<std::size_t>{};
    const auto place_of = [&](std::string_view symbol) {
        return place_in(names, [&](const std::string& name) { return is_called(symbol, name); });
    };
    for (const ElfFunction& function : elf.functions([&](std::string_view symbol) { return place_of(symbol).has_value(); })) {
        const std::size_t place = *place_of(function.name);
        if (!in_go.contains(place)) found.entries.push_back({.function = place, .offset = offset_of(pid, file, function)});
    }
    return found;
}

}  // namespace tare
