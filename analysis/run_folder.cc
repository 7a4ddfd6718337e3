// SPDX-License-Identifier: Apache-2.0
#include "analysis/run_folder.h"

#include "core/complete.h"
#include "core/csv.h"
#include "core/error.h"

namespace tare {

Run open_run(const std::filesystem::path& folder) {
    if (!std::filesystem::exists(folder)) throw data_refused(folder.string() + ": no such run");
    if (!std::filesystem::is_directory(folder)) throw data_refused(folder.string() + ": a run is a folder");
    verify_complete(folder, measured_files);
    Run run;
    run.folder = folder;
    run.observations = read_observations(folder / "observations.csv");
    try {
        run.environment = nlohmann::json::parse(read_file(folder / "environment.json"));
        run.id = run.environment.at("run").get<std::string>();
    } catch (const nlohmann::json::exception& error) {
        throw data_refused((folder / "environment.json").string() + ": " + error.what());
    }
    if (run.observations.empty()) throw data_refused(folder.string() + ": no observations");
    for (const Observation& seen : run.observations) {
        if (seen.run != run.id) throw data_refused(folder.string() + ": rows of run '" + seen.run + "' in run '" + run.id + "'");
        if (seen.requests == 0) throw data_refused(folder.string() + ": a row of 0 requests");
    }
    return run;
}

}  // namespace tare
