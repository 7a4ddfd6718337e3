// SPDX-License-Identifier: Apache-2.0
// The contrasts of a run: their slices, and how each was run by environment.json. In words where more than one place tells them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/model/contrast.h"
#include "analysis/model/statistics.h"
#include "run/run_reader.h"

namespace tare {

struct ContrastFinding {
    std::string name;
    ContrastRatios ratios;
    // Absent where environment.json does not say.
    Measured<CellKey> asked = Absent{"environment.json does not say"};         // of each subject, without its name and build
    Measured<std::string> workload = Absent{"environment.json does not say"};  // that, in words
    Measured<std::string> ended_by = Absent{"environment.json does not say"};
    Measured<double> duration_s = Absent{"environment.json does not say"};

    const ContrastSubject& first() const { return ratios.subjects().front(); }
};

// In the order of the file.
std::vector<ContrastFinding> findings_of_contrasts(const Run& run);

// Two servers of one contrast, one held against the other.
struct ContrastPair {
    const ContrastFinding* finding;
    ContrastSubject subject;
    ContrastSubject against;
};
// Of the first contrast that asked both for `op`, and what else `workload` has where one is given; neither as the control.
std::optional<ContrastPair> find_pair(const std::vector<ContrastFinding>& findings, const VariantName& subject,
                                      const VariantName& against, const std::string& op, const CellKey* workload = nullptr);

// What a request takes more CPU time with `subject` than with `against`, in ns; below 0 where it takes less. The interval is the
// ratio's. Absent with its reason.
Measured<Estimate> difference_ns(const ContrastPair& pair);
// The same, against the first; absent where the run has no row of it.
Measured<Estimate> difference_ns(const ContrastFinding& finding, const ContrastSubject& subject);

// "0.931 [0.921, 0.941]".
std::string ratio_text(const ContrastRatio& ratio);

// "uring/ideal takes 0.931 [0.921, 0.941] times epoll/ideal's server CPU a request", or why it is not known. Of the control, what
// it says of the contrast itself.
std::string sentence_of(const ContrastFinding& finding, const ContrastSubject& subject);

// "92 blocks on 23 processes of each subject, 14.2 s; ended by: precision".
std::string how_it_was_run(const ContrastFinding& finding);

// "client_bound in 12 of 96 slices, steal in 1 of 96 slices"; empty where nothing is marked.
std::string marks_text(const ContrastRatios& ratios);

}  // namespace tare
