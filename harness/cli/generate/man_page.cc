// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/generate/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "harness/cli/command.h"
#include "harness/cli/option_table.h"

namespace tare::cli {
namespace {

constexpr std::size_t line_width = 78;

constexpr std::array<std::pair<int, const char*>, 6> exit_codes{{
    {0, "Done; some readings may be absent, each with its reason."},
    {1, "A gate was crossed, or a claim was disproved."},
    {2, "The command line or a configuration file is wrong."},
    {3, "Data was refused: a run is partial, changed or malformed, or two runs are not comparable."},
    {4, "This environment cannot measure what was asked for."},
    {5, "The run failed: a server or client died, a reply was wrong, or an output could not be written."},
}};

// Text as roff shows it.
std::string escaped(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '\\')
            safe += "\\e";
        else if (letter == '-')
            safe += "\\-";
        else
            safe += letter;
    }
    return safe;
}

// An argument of a macro: quoted, or a word of it might be a macro itself.
std::string argument(const std::string& text) {
    std::string safe = escaped(text);
    for (std::size_t at = safe.find('"'); at != std::string::npos; at = safe.find('"', at + 4)) safe.replace(at, 1, "\\(dq");
    return "\"\\&" + safe + "\"";
}

bool ends_sentence(const std::string& word) { return word.ends_with('.') && word.size() > 2; }

// Lines of text, each sentence on lines of its own, none of them taken for a macro.
std::string text_lines(const std::string& text) {
    std::string lines;
    std::string line;
    const auto end_line = [&] {
        if (line.empty()) return;
        lines += (line.front() == '.' || line.front() == '\'' ? "\\&" : "") + line + "\n";
        line.clear();
    };
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        const std::string word = escaped(text.substr(begin, end - begin));
        if (!line.empty() && line.size() + 1 + word.size() > line_width) end_line();
        line += (line.empty() ? "" : " ") + word;
        if (ends_sentence(word)) end_line();
        begin = end + 1;
    }
    end_line();
    return lines;
}

std::string literal(const std::string& line) {
    const std::string safe = escaped(line);
    return fmt::format(".Bd -literal -offset indent\n{}{}\n.Ed\n", safe.starts_with('.') ? "\\&" : "", safe);
}

// "Fl c , Fl \-connections Ar NUMBER"
std::string flags(const OptionRow& option) {
    std::string text;
    for (const std::string& name : option.names)
        text += fmt::format("{}Fl {}", text.empty() ? "" : " , ", escaped(name.substr(1)));
    if (option.value_is_optional) return text + fmt::format(" Ns Oo = Ns Ar {} Oc", argument(option.value));
    return option.value.empty() ? text : text + " Ar " + argument(option.value);
}

std::string option_list(const CLI::App& command) {
    const std::vector<OptionRow> options = options_of(command);
    const std::vector<OptionRow> arguments = arguments_of(command);
    std::string text = ".Bl -tag -width Ds\n";
    for (const OptionRow& each : arguments)
        text += fmt::format(".It Ar {}\n{}", argument(each.name()), text_lines(description_of(each)));
    for (const OptionRow& option : options) text += fmt::format(".It {}\n{}", flags(option), text_lines(description_of(option)));
    return text + ".El\n";
}

std::string synopsis(const CLI::App& command) {
    std::string text = fmt::format(".Nm {}\n.Op Ar options\n", full_name(command));
    for (const OptionRow& each : arguments_of(command)) {
        const std::string name = argument(each.name()) + (each.repeats ? " ..." : "");
        text += fmt::format(".{}Ar {}\n", each.required ? "" : "Op ", name);
    }
    if (!shown_commands(command).empty()) text += ".Ar command\n";
    return text;
}

std::string page_name(const CLI::App& command) {
    const CLI::App* const parent = command.get_parent();
    return parent == nullptr ? command.get_name() : page_name(*parent) + "-" + command.get_name();
}

std::string sentence(std::string text) {
    if (!text.ends_with('.')) text += '.';
    return text;
}

// Commands of a command stand on its page.
std::string inner_commands(const CLI::App& command) {
    std::string text;
    for (const CLI::App* const each : shown_commands(command))
        text += fmt::format(".Ss {}\n{}{}", full_name(*each), text_lines(sentence(text_of(*each).summary)), option_list(*each));
    return text.empty() ? "" : ".Sh COMMANDS\n" + text;
}

std::string list_of_commands(const CLI::App& program) {
    std::string text = ".Sh COMMANDS\n.Bl -tag -width Ds\n";
    for (const CLI::App* const each : shown_commands(program))
        text += fmt::format(".It Xr {} 1\n{}", page_name(*each), text_lines(sentence(text_of(*each).summary)));
    return text + ".El\n";
}

std::string environment() {
    return ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev NO_COLOR\nWhen set and not empty, nothing is coloured unless\n"
           ".Fl \\-color Cm always\nasks for it.\n.It Ev TMPDIR\nWhere temporary folders are made;\n.Pa /tmp\nwithout it.\n.El\n";
}

std::string exit_status() {
    std::string text = ".Sh EXIT STATUS\n.Bl -tag -width Ds\n";
    for (const auto& [code, meaning] : exit_codes) text += fmt::format(".It {}\n{}", code, text_lines(meaning));
    return text + ".El\n";
}

std::string examples(const CLI::App& command) {
    std::string text;
    for (const Example& example : text_of(command).examples) {
        std::string what = example.what;
        what.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(what.front())));
        text += fmt::format("{}{}{}", text.empty() ? "" : ".Pp\n", text_lines(what + ":"), literal(example.command));
    }
    return text.empty() ? "" : ".Sh EXAMPLES\n" + text;
}

std::string see_also(const CLI::App& program, const CLI::App& command) {
    std::vector<std::string> names;
    if (&program != &command) names.push_back(program.get_name());
    for (const CLI::App* const each : shown_commands(program)) {
        if (each != &command) names.push_back(page_name(*each));
    }
    std::sort(names.begin(), names.end());
    std::string text = ".Sh SEE ALSO\n";
    for (const std::string& name : names) text += fmt::format(".Xr {} 1{}\n", name, name == names.back() ? "" : " ,");
    return text;
}

std::string page(const CLI::App& program, const CLI::App& command, const std::string& date) {
    const bool is_program = &program == &command;
    std::string title = page_name(command);
    std::transform(title.begin(), title.end(), title.begin(), [](unsigned char letter) { return std::toupper(letter); });
    const CommandText& words = text_of(command);
    const std::string summary = is_program ? words.summary.substr(words.summary.find(' ') + 1) : words.summary;
    return fmt::format(".\\\" Written by tare generate man.\n.Dd {}\n.Dt {} 1\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n.Sh SYNOPSIS\n{}",
                       date, title, page_name(command), escaped(summary), synopsis(command)) +
           ".Sh DESCRIPTION\n" + text_lines(sentence(summary)) + text_lines(words.details) + ".Sh OPTIONS\n" +
           option_list(command) + (is_program ? list_of_commands(program) : inner_commands(command)) + environment() +
           exit_status() + examples(command) + see_also(program, command);
}

}  // namespace

std::vector<ManPage> man_pages(const CLI::App& program, const std::string& date) {
    std::vector<ManPage> pages{{page_name(program) + ".1", page(program, program, date)}};
    for (const CLI::App* const each : shown_commands(program))
        pages.push_back({page_name(*each) + ".1", page(program, *each, date)});
    return pages;
}

}  // namespace tare::cli
