// SPDX-License-Identifier: Apache-2.0
// `tare contrast`: servers held against the first of them at one workload; a suite of one contrast, which it makes and runs.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "analysis/model/contrast_findings.h"
#include "core/error.h"
#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/bench/cases.h"
#include "harness/bench/run.h"
#include "harness/cli/command_words.h"
#include "harness/cli/commands.h"
#include "harness/cli/duration.h"
#include "harness/cli/finite_number.h"
#include "harness/cli/option_table.h"
#include "run/complete.h"

namespace tare::cli {
namespace {

constexpr double budget_max_s = 3600;

struct Arguments {
    std::vector<std::string> subjects;
    std::string op = "get_hit";
    std::uint64_t key_bytes = 16, value_bytes = 64, connections = 64, pipeline = 1;
    std::string precision = "2%";
    double budget_s = 30;
    std::uint64_t slice_ms = 20;
    std::string format = "text";
    RunOptions run;
};

// "2%" or "0.02".
double precision_of(std::string_view text) {
    double number = 0;
    const bool percent = text.ends_with('%');
    if (percent) text.remove_suffix(1);
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || stopped != text.data() + text.size())
        throw usage_error(fmt::format("--precision '{}': allowed: a share as 2% or 0.02", text));
    return percent ? number / 100 : number;
}

// A budget is kept in whole seconds.
std::int64_t whole_seconds(double seconds) {
    if (seconds != std::floor(seconds)) throw usage_error(fmt::format("--budget '{}': whole seconds, as 30s or 2m", seconds));
    return static_cast<std::int64_t>(seconds);
}

// The servers of the suite `servers` may be subjects beside our own.
Suite suite_of(const Arguments& arguments, const VariantNames& variants) {
    Suite suite = load_suite("servers", variants);
    suite.cells.clear();
    suite.contrasts.clear();
    suite.name = "contrast";
    toml::array subjects;
    std::string names;
    for (const std::string& subject : arguments.subjects) {
        subjects.push_back(subject);
        names += (names.empty() ? "" : " ") + subject;
    }
    suite.description = names;
    const toml::table table{{"name", names},
                            {"subjects", subjects},
                            {"op", arguments.op},
                            {"key_bytes", static_cast<std::int64_t>(arguments.key_bytes)},
                            {"value_bytes", static_cast<std::int64_t>(arguments.value_bytes)},
                            {"connections", static_cast<std::int64_t>(arguments.connections)},
                            {"pipeline", static_cast<std::int64_t>(arguments.pipeline)},
                            {"precision", precision_of(arguments.precision)},
                            {"budget_s", whole_seconds(arguments.budget_s)},
                            {"slice_ms", static_cast<std::int64_t>(arguments.slice_ms)}};
    const std::string where = "tare contrast";
    add_contrasts(suite, ConfigTable(table, where), variants);
    suite.sha256 = sha256_hex(fmt::format("{} {}", suite.sha256, fmt::join(arguments.run.command, " ")));
    // Those that nobody asked for would only be asked for their versions.
    std::erase_if(suite.servers, [&](const auto& server) {
        const auto& asked = suite.contrasts.front().subjects;
        return std::none_of(asked.begin(), asked.end(),
                            [&](const Cell& cell) { return cell.key.variant.server == server.first; });
    });
    return suite;
}

std::string as_text(const ContrastFinding& finding) {
    std::string text = fmt::format("{}\n", finding.workload.present() ? finding.workload.value() : finding.workload.reason());
    for (const ContrastSubject& subject : finding.ratios.subjects()) {
        if (subject.role != ContrastRole::first) text += sentence_of(finding, subject) + "\n";
    }
    text += how_it_was_run(finding) + "\n";
    const std::string marks = marks_text(finding.ratios);
    if (!marks.empty()) text += "marks: " + marks + "\n";
    return text;
}

std::string figure_text(const Measured<double>& figure) {
    return figure.present() ? fmt::format("{:.4g}", figure.value()) : "absent";
}

std::string as_markdown(const ContrastFinding& finding) {
    std::string text = fmt::format("{}\n\n| subject | role |", as_text(finding));
    for (const std::string_view metric : contrast_metric_names) text += fmt::format(" {} | ratio |", metric);
    text += "\n|---|---|---|---|---|---|---|---|---|---|\n";
    for (const ContrastSubject& subject : finding.ratios.subjects()) {
        text += fmt::format("| `{}` | {} |", subject.name, name_of(subject.role));
        for (std::size_t index = 0; index < contrast_metric_names.size(); ++index) {
            const auto metric = static_cast<ContrastMetric>(index);
            text += fmt::format(" {} |", figure_text(finding.ratios.median(subject, metric)));
            if (subject.role == ContrastRole::first) {
                text += " 1 |";
                continue;
            }
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, metric);
            text += fmt::format(" {} |", ratio.present() ? ratio_text(ratio.value()) : "absent");
        }
        text += "\n";
    }
    return text;
}

nlohmann::json json_of(const Measured<double>& figure) {
    return figure.present() ? nlohmann::json(figure.value()) : nlohmann::json{{"absent", figure.reason()}};
}

std::string as_json(const ContrastFinding& finding) {
    nlohmann::json subjects = nlohmann::json::array();
    for (const ContrastSubject& subject : finding.ratios.subjects()) {
        nlohmann::json row{{"name", subject.name}, {"role", name_of(subject.role)}};
        for (std::size_t index = 0; index < contrast_metric_names.size(); ++index) {
            const auto metric = static_cast<ContrastMetric>(index);
            nlohmann::json& cell = row[std::string(contrast_metric_names[index])];
            cell["median"] = json_of(finding.ratios.median(subject, metric));
            if (subject.role == ContrastRole::first) continue;
            const Measured<ContrastRatio> ratio = finding.ratios.ratio(subject, metric);
            if (ratio.present())
                cell["ratio"] = {
                    {"value", ratio.value().value}, {"low", ratio.value().interval.low}, {"high", ratio.value().interval.high}};
            else
                cell["ratio"] = {{"absent", ratio.reason()}};
        }
        subjects.push_back(row);
    }
    nlohmann::json marks = nlohmann::json::object();
    for (const auto& [mark, count] : finding.ratios.marks()) marks[mark] = count;
    const auto text_or_null = [](const Measured<std::string>& text) {
        return text.present() ? nlohmann::json(text.value()) : nlohmann::json(nullptr);
    };
    return nlohmann::json{{"name", finding.name},
                          {"workload", text_or_null(finding.workload)},
                          {"ended_by", text_or_null(finding.ended_by)},
                          {"duration_s", json_of(finding.duration_s)},
                          {"blocks", finding.ratios.blocks()},
                          {"processes", finding.ratios.generations()},
                          {"slices", finding.ratios.slices()},
                          {"marks", marks},
                          {"subjects", subjects}}
               .dump(2) +
           "\n";
}

void contrast(Arguments& arguments) {
    Output output("");
    arguments.run.command = own_words();
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    const std::filesystem::path folder = run_suite(suite_of(arguments, servers.names()), servers, arguments.run);
    remark(fmt::format("the slices are in {}\n", folder.string()));
    const std::vector<ContrastFinding> findings = findings_of_contrasts(open_run(folder));
    const auto form = arguments.format == "json" ? as_json : arguments.format == "markdown" ? as_markdown : as_text;
    output.write(form(findings.front()));
}

}  // namespace

void add_contrast(CLI::App& app) {
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* const command = add_command(
        app, "contrast",
        {"Servers under load in turn: how many times the first one's CPU time each other takes",
         "Starts fresh servers of every subject and a control, loads them one at a time in drawn order, slice by slice, "
         "and ends when each ratio is known to the precision, or when the budget is spent. Ratios have 95 % intervals; "
         "the slices are kept in the run's folder.",
         {{"tare contrast epoll/ideal uring/ideal", "at 64 connections, without a pipeline"},
          {"tare contrast memcached epoll/ideal -c 16 --pipeline 8 --budget 2m", "with a server of another project first"}}});
    command
        ->add_option("SUBJECT", arguments->subjects,
                     "variants (tare list servers) and servers of the suite `servers`; the first is what the others are held "
                     "against")
        ->type_name(value::variant)
        ->required();
    command->add_option("--op", arguments->op, "what is asked")->type_name("OP")->capture_default_str();
    command->add_option("--key-bytes", arguments->key_bytes, "size of a key")->capture_default_str()->check(whole_number(1));
    command->add_option("--value-bytes", arguments->value_bytes, "size of a value")
        ->capture_default_str()
        ->check(whole_number(0));
    command->add_option("-c,--connections", arguments->connections, "connections to each")
        ->capture_default_str()
        ->check(whole_number(1));
    command->add_option("--pipeline", arguments->pipeline, "requests in flight on each connection")
        ->capture_default_str()
        ->check(whole_number(1));
    command
        ->add_option("--precision", arguments->precision,
                     "it ends when half of each ratio's interval is at most this share of it")
        ->type_name("SHARE")
        ->capture_default_str();
    takes_duration(command->add_option("--budget", arguments->budget_s, "or after this time"), 1, budget_max_s)
        ->default_str(duration_text(arguments->budget_s));
    command->add_option("--slice-ms", arguments->slice_ms, "length of a slice")->capture_default_str()->check(whole_number(1));
    takes_one_of(command->add_option("--format", arguments->format, "of what is printed"), {"text", "markdown", "json"})
        ->capture_default_str();
    command->add_option("-o,--out", arguments->run.results, "folder in which the run's folder is made")
        ->type_name(value::folder)
        ->capture_default_str();
    command->callback([arguments] { contrast(*arguments); });
}

}  // namespace tare::cli
