// SPDX-License-Identifier: Apache-2.0
#include "probes/call_site.h"

#include <fmt/format.h>

#include <algorithm>

namespace tare {
namespace {

constexpr std::size_t template_arguments_max_bytes = 24;

// Libraries whose calls are made on behalf of whoever called them.
constexpr std::array<std::string_view, 7> passing_libraries{"libc.so", "libc-",      "ld-",        "libstdc++",
                                                            "libc++",  "libpthread", "liburing.so"};
constexpr std::array<std::string_view, 6> passing_scopes{"std::",           "__gnu_cxx::", "operator new",
                                                         "operator delete", "void* std::", "__libc_"};
constexpr std::array<std::string_view, 9> passing_names{"malloc",   "calloc", "realloc", "aligned_alloc", "posix_memalign",
                                                        "memalign", "memcpy", "memmove", "mempcpy"};

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool begins_with_any(std::string_view text, const auto& beginnings) {
    return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view each) { return text.starts_with(each); });
}

// Without the type that a template's symbol says it returns.
std::string_view without_return_type(std::string_view function) {
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t index = 0; index < function.size() && function[index] != '('; ++index) {
        if (function[index] == '<') ++depth;
        if (function[index] == '>') --depth;
        if (function[index] == ' ' && depth == 0 && !function.substr(begin).starts_with("operator")) begin = index + 1;
    }
    return function.substr(begin);
}

bool passes_on(const Frame& frame, const PassingFunctions& passing) {
    const std::string_view name = without_return_type(frame.function);
    const auto is_named = [&](std::string_view given) {
        if (!name.starts_with(given)) return false;
        const std::string_view rest = name.substr(given.size());
        return rest.empty() || rest.front() == '(' || rest.front() == '<' || rest.starts_with("::");
    };
    return begins_with_any(name, passing_scopes) || std::any_of(passing_names.begin(), passing_names.end(), is_named) ||
           std::any_of(passing.begin(), passing.end(), is_named);
}

bool is_plumbing(const Frame& frame, const std::string& called_module, const PassingFunctions& passing) {
    if (!frame.is_program && (frame.module == called_module || begins_with_any(base_name(frame.module), passing_libraries)))
        return true;
    return frame.file.starts_with("/usr/include/") || frame.file.starts_with("/usr/lib/gcc/") || passes_on(frame, passing);
}

// Arguments end a name, unless the parenthesis is part of it: operator(), (anonymous namespace).
std::string without_arguments(std::string_view function) {
    std::string name;
    int depth = 0;
    for (std::size_t index = 0; index < function.size(); ++index) {
        for (const std::string_view part : {std::string_view("operator()"), std::string_view("(anonymous namespace)")}) {
            if (!function.substr(index).starts_with(part)) continue;
            name += part;
            index += part.size();
        }
        if (function.substr(index).starts_with("operator<") || function.substr(index).starts_with("operator>")) {
            name += function.substr(index, std::string_view("operator<").size());
            index += std::string_view("operator<").size();
        }
        if (index >= function.size() || (function[index] == '(' && depth == 0)) break;
        if (function[index] == '<') ++depth;
        if (function[index] == '>') --depth;
        name += function[index];
    }
    return name;
}

// Template arguments longer than a glance become "<…>".
std::string without_long_templates(std::string_view name) {
    if (name.find("operator<") != std::string_view::npos || name.find("operator>") != std::string_view::npos)
        return std::string(name);
    std::string text;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t index = 0; index < name.size(); ++index) {
        if (name[index] == '<' && depth++ == 0) begin = index;
        if (depth == 0) text += name[index];
        if (name[index] != '>' || --depth != 0) continue;
        const std::string_view arguments = name.substr(begin, index + 1 - begin);
        text += arguments.size() > template_arguments_max_bytes ? "<…>" : std::string(arguments);
    }
    return depth == 0 ? text : std::string(name);
}

std::string last_two_names(const std::string& path) {
    const std::size_t last = path.rfind('/');
    if (last == std::string::npos || last == 0) return path;
    const std::size_t before = path.rfind('/', last - 1);
    return before == std::string::npos ? path : path.substr(before + 1);
}

}  // namespace

Frame site_of(const CallSite& site, const PassingFunctions& passing) {
    for (const Frame& frame : site.frames) {
        if (!frame.module.empty() && !is_plumbing(frame, site.module, passing)) return frame;
    }
    for (const Frame& frame : site.frames) {
        if (!frame.module.empty() && frame.module != site.module) return frame;
    }
    return site.frames.empty() ? Frame{"[unknown]"} : site.frames.front();
}

std::string short_name(const Frame& frame) {
    std::string function = without_long_templates(without_arguments(without_return_type(frame.function)));
    if (!frame.file.empty()) return fmt::format("{} ({}:{})", function, last_two_names(frame.file), frame.line);
    if (frame.module.empty()) return function;
    return fmt::format("{} ({}+{:#x})", function, base_name(frame.module), frame.offset);
}

}  // namespace tare
