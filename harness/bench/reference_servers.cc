// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/reference_servers.h"

#include <sstream>

#include "core/error.h"
#include "harness/process/subprocess.h"
#include "run/csv.h"

namespace tare {
namespace {

// How `tare-server --list` writes another name for a variant: `uring/ideal = uring/…`.
constexpr std::string_view alias_mark = "= ";

}  // namespace

ReferenceServers::ReferenceServers(const std::filesystem::path& folder) : folder_(folder) {
    for (const char* const build : {"timed", "counted"}) {
        if (!std::filesystem::is_regular_file(program(build))) throw run_failed(program(build) + " is missing: run make build");
    }
    std::istringstream lines(output_of({program("timed"), "--list"}));
    std::string line;
    while (std::getline(lines, line)) {
        const std::size_t name_end = line.find(' ');
        const std::size_t description = line.find_first_not_of(' ', name_end);
        if (description == std::string::npos) throw run_failed(program("timed") + " --list: '" + line + "' has no description");
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

ReferenceServers ReferenceServers::beside_this_program() {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (error) throw run_failed("/proc/self/exe: " + error.message());
    return ReferenceServers(program.parent_path());
}

std::string ReferenceServers::program(const std::string& build) const {
    return (folder_ / (build == "counted" ? "tare-server-counted" : "tare-server")).string();
}

std::string ReferenceServers::variant_named(std::string_view name) const {
    const auto alias = names_.aliases.find(std::string(name));
    if (alias != names_.aliases.end()) return alias->second;
    std::string known;
    for (const Row& row : variants_) {
        if (row.name == name) return row.name;
        known += "\n  " + row.name;
    }
    throw usage_error("'" + std::string(name) + "' is no variant; there are:" + known);
}

std::map<std::string, std::uint64_t> ReferenceServers::settings() const {
    std::map<std::string, std::uint64_t> settings;
    const std::string where = "settings of " + program("timed");
    for (const auto& [line, field] : parse_csv(output_of({program("timed"), "--settings"}), where)) {
        if (field.size() != 2) throw data_refused(where + ": not name,value");
        settings[field[0]] = parse_reading(field[1], "ok", where).value();
    }
    return settings;
}

Snapshot ReferenceServers::predict(const VariantName& variant, const Workload& workload) const {
    const std::string text =
        output_of({program("timed"), to_string(variant), "--predict", std::string(name_of(workload.operation)), "--key-bytes",
                   std::to_string(workload.key_bytes), "--value-bytes", std::to_string(workload.value_bytes), "--pipeline",
                   std::to_string(workload.pipeline)});
    Snapshot prediction;
    const std::string where = "prediction of " + to_string(variant);
    for (const auto& [line, field] : parse_csv(text, where)) {
        if (field.size() != 4) throw data_refused(where + ": not metric,detail,value,status");
        prediction.emplace(Quantity{field[0], field[1]}, parse_reading(field[2], field[3], where));
    }
    return prediction;
}

}  // namespace tare
