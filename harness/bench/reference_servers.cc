// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/reference_servers.h"

#include <sstream>

#include "core/error.h"
#include "core/nearest_name.h"
#include "core/program_files.h"
#include "harness/process/subprocess.h"
#include "run/csv.h"

namespace tare {
namespace {

// How `tare-server --list` writes another name for a variant: `uring/ideal = uring/…`.
constexpr std::string_view alias_mark = "= ";

std::string_view file_name(Build build) { return build == Build::counted ? "tare-server-counted" : "tare-server"; }

std::string missing_text(const std::filesystem::path& program) {
    return program.string() +
           " is missing: this needs tare's reference servers, which are installed with tare or built by make build";
}

}  // namespace

ReferenceServers::ReferenceServers(const std::filesystem::path& folder) : folder_(folder) {
    for (const Build build : {Build::timed, Build::counted}) {
        if (!std::filesystem::is_regular_file(folder_ / file_name(build)))
            names_.missing = missing_text(folder_ / file_name(build));
    }
    if (!names_.missing.empty()) return;
    std::istringstream lines(output_of({program(Build::timed), "--list"}));
    std::string line;
    while (std::getline(lines, line)) {
        const std::size_t name_end = line.find(' ');
        const std::size_t description = line.find_first_not_of(' ', name_end);
        if (description == std::string::npos)
            throw run_failed(program(Build::timed) + " --list: '" + line + "' has no description");
        const std::string name = line.substr(0, name_end);
        const std::string text = line.substr(description);
        if (text.starts_with(alias_mark)) {
            names_.aliases[name] = text.substr(alias_mark.size());
        } else {
            names_.names.push_back(name);
            variants_.push_back({name, text});
        }
    }
}

ReferenceServers ReferenceServers::beside_this_program() { return ReferenceServers(server_folder()); }

void ReferenceServers::require() const {
    if (!names_.missing.empty()) throw cannot_measure(names_.missing);
}

std::string ReferenceServers::program(Build build) const {
    require();
    return (folder_ / file_name(build)).string();
}

std::string ReferenceServers::variant_named(std::string_view name) const {
    require();
    const auto alias = names_.aliases.find(std::string(name));
    if (alias != names_.aliases.end()) return alias->second;
    std::vector<std::string> names;
    for (const auto& [own, variant] : names_.aliases) names.push_back(own);
    for (const Row& row : variants_) {
        if (row.name == name) return row.name;
        names.push_back(row.name);
    }
    std::string known;
    for (const std::string& each : names) known += "\n  " + each;
    throw usage_error("'" + std::string(name) + "' is no variant" + did_you_mean(name, names) + "\nthere are:" + known);
}

std::map<std::string, std::uint64_t> ReferenceServers::settings() const {
    std::map<std::string, std::uint64_t> settings;
    const std::string where = "settings of " + program(Build::timed);
    for (const auto& [line, field] : parse_csv(output_of({program(Build::timed), "--settings"}), where)) {
        if (field.size() != 2) throw data_refused(where + ": not name,value");
        settings[field[0]] = parse_reading(field[1], "ok", where).value();
    }
    return settings;
}

Snapshot ReferenceServers::predict(const VariantName& variant, const Workload& workload) const {
    const std::string text =
        output_of({program(Build::timed), to_string(variant), "--predict", std::string(name_of(workload.operation)),
                   "--key-bytes", std::to_string(workload.key_bytes), "--value-bytes", std::to_string(workload.value_bytes),
                   "--pipeline", std::to_string(workload.pipeline)});
    Snapshot prediction;
    const std::string where = "prediction of " + to_string(variant);
    for (const auto& [line, field] : parse_csv(text, where)) {
        if (field.size() != 4) throw data_refused(where + ": not metric,detail,value,status");
        prediction.set({field[0], field[1]}, parse_reading(field[2], field[3], where));
    }
    return prediction;
}

}  // namespace tare
