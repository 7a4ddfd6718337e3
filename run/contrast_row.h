// SPDX-License-Identifier: Apache-2.0
// One row of contrasts.csv: one slice of a contrast, a short window of load on one of its subjects. The columns are a contract
// (docs/architecture.md); what a contrast is, docs/methodology.md says.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/measured.h"

namespace tare {

inline constexpr std::array<std::string_view, 13> contrast_columns{
    "contrast",      "generation",    "block",     "order",          "subject", "role",  "requests",
    "server_cpu_ns", "client_cpu_ns", "window_ns", "latency_p50_ns", "marks",   "status"};

// What a subject is held against: all others against the first. The control is the first once more, by processes of its own.
enum class ContrastRole : std::uint8_t { first, other, control };
inline constexpr std::array<std::string_view, 3> contrast_role_names{"first", "other", "control"};
constexpr std::string_view name_of(ContrastRole role) { return contrast_role_names[static_cast<std::size_t>(role)]; }

struct ContrastRow {
    std::string contrast;
    std::uint64_t generation = 0;  // which process of the subject, from 0
    std::uint64_t block = 0;       // in which every subject is asked there and back, from 0; over all generations
    std::uint64_t order = 0;       // the slice's place in its block, from 0
    std::string subject;
    ContrastRole role = ContrastRole::other;
    // Of the whole slice but the latency, which is of one request. A row has one status: where several are absent, they are
    // written with the reason of the first of them.
    Measured<std::uint64_t> requests = Absent{"not filled in"};
    Measured<std::uint64_t> server_cpu_ns = Absent{"not filled in"};
    Measured<std::uint64_t> client_cpu_ns = Absent{"not filled in"};
    Measured<std::uint64_t> window_ns = Absent{"not filled in"};  // first send to last reply
    Measured<std::uint64_t> latency_p50_ns = Absent{"not filled in"};
    std::string marks;  // validity flags, with spaces between; one that cannot be told ends in `?`
};

// The row of a subject that was not measured, from this place on.
ContrastRow absent_contrast_row(ContrastRow place, const std::string& reason);

// The header line and one line, both with LF.
std::string contrast_header();
std::string contrast_line(const ContrastRow& row);

// Reads a whole contrasts.csv. Throws data_refused with path and line on any departure from the contract.
std::vector<ContrastRow> read_contrasts(const std::filesystem::path& path);

}  // namespace tare
