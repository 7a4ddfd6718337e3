// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/call_site.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "probes/symbols/wrappers.h"

namespace tare {
namespace {

constexpr std::size_t template_arguments_max_bytes = 24;

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Arguments end a name, unless the parenthesis is part of it: operator(), (anonymous namespace), and Go's main.(*reader).read.
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
        if (index >= function.size()) break;
        const char before = index == 0 ? ' ' : function[index - 1];
        if (function[index] == '(' && depth == 0 && before == '.') {
            name += function.substr(index, function.find(')', index) - index);
            index = std::min(function.size() - 1, function.find(')', index));
        }
        if (function[index] == '(' && depth == 0) break;
        if (function[index] == '<') ++depth;
        if (function[index] == '>' && before != '-') --depth;
        name += function[index];
    }
    return name;
}

// Template arguments longer than a glance become "<…>"; what a name begins with is no argument (Rust's <Type as Trait>::f).
std::string without_long_templates(std::string_view name) {
    if (name.find("operator<") != std::string_view::npos || name.find("operator>") != std::string_view::npos)
        return std::string(name);
    std::string text;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t index = 0; index < name.size(); ++index) {
        if (name[index] == '<' && depth++ == 0) begin = index;
        if (depth == 0) text += name[index];
        if (name[index] != '>' || name[index - 1] == '-' || --depth != 0) continue;
        const std::string_view arguments = name.substr(begin, index + 1 - begin);
        text += begin > 0 && arguments.size() > template_arguments_max_bytes ? "<…>" : std::string(arguments);
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

Frame site_of(const CallSite& site, const SiteRule& rule) {
    const auto stands = [&](const Frame& frame) {
        return !frame.module.empty() && !is_wrapper(frame, site.module, rule.wrappers);
    };
    if (rule.in_program) {
        for (const Frame& frame : site.frames) {
            if (frame.is_program && stands(frame)) return frame;
        }
    }
    for (const Frame& frame : site.frames) {
        if (stands(frame)) return frame;
    }
    for (const Frame& frame : site.frames) {
        if (!frame.module.empty() && frame.module != site.module) return frame;
    }
    return site.frames.empty() ? Frame{"[unknown]"} : site.frames.front();
}

std::string short_name(const Frame& frame) {
    std::string function = without_long_templates(without_arguments(without_clone(without_return_type(frame.function))));
    if (!frame.file.empty() && frame.line == 0) return fmt::format("{} ({})", function, last_two_names(frame.file));
    if (!frame.file.empty()) return fmt::format("{} ({}:{})", function, last_two_names(frame.file), frame.line);
    if (frame.module.empty()) return function;
    return fmt::format("{} ({}+{:#x})", function, base_name(frame.module), frame.offset);
}

}  // namespace tare
