// SPDX-License-Identifier: Apache-2.0
// What a comparison has to hold to, read from TOML (gate.toml is the one built in): which rows, how far, what is allowed and
// for which reason. It makes of a row's verdict what the exit code rests on; it measures nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "analysis/compare/judge.h"

namespace tare::compare {

// Rows by glob patterns (`*`, `?`, `[..]`); a key that is not there matches all.
struct Pattern {
    std::optional<std::string> cell;  // "epoll/level/as_described counted get_hit 16 64"
    std::optional<std::string> source;
    std::optional<std::string> metric;
    std::optional<std::string> detail;
    std::string reason;
    std::string where;  // "gate.toml:12", for warnings

    // Whether it speaks of this row's quantity; without `detail`, of the total and every part.
    bool matches(const Row& row) const;
};

// An increase that is meant. With `detail`, a total may grow by what its parts of that name grow, and no further.
struct Allowance : Pattern {
    std::optional<double> at_most;  // of the increase, per request in the metric's unit
};

enum class Action : std::uint8_t { pass, refuse, fail };  // in this order of severity

// What to do about that which could not be judged: pass, refuse (exit code 4), or fail as what got worse does (exit code 1).
struct Unjudged {
    Action absent = Action::refuse;
    Action only_in_base = Action::refuse;
    Action unresolved = Action::pass;
};

struct Gate {
    bool parts = false;
    std::vector<std::string> gated_times;      // "cpu_ns", "latency_percentile_ns p99"
    double threshold = 0;                      // 0.05: 5 %
    std::map<std::string, double> thresholds;  // of a metric that has its own
    double error = 0.05;                       // of the gated rows together, and as much of all others together
    Unjudged unjudged;
    std::vector<Source> required_sources;  // whose absence on both sides is refused at least
    std::vector<Allowance> allowed;
    std::vector<Pattern> ungated;

    // Whether the row's verdict can cross it. `has_total`: the same source has a total of the metric in that cell.
    bool judges(const Row& row, bool has_total) const;
    double threshold_of(const std::string& metric) const;
};

// One metric by one source in one cell: a total and its parts.
using Family = std::tuple<CellKey, Source, std::string>;
Family family_of(const Row& row);

// Decides rows: passed, allowed, crossed, or not to be told.
class Decision {
public:
    // `rows` are all that are compared, judged: a part's increase explains its total's.
    Decision(const Gate& gate, const std::vector<ComparedRow>& rows);

    // Fills in the outcome of a row that the gate judges.
    void decide(ComparedRow& row);
    // A line for every allowance that allowed nothing so far.
    std::vector<std::string> unused_allowances() const;

private:
    Action action_on(const ComparedRow& row) const;
    void allow(ComparedRow& row, double increase);
    double explained_by(const Allowance& allowance, const ComparedRow& row, double increase) const;

    const Gate& gate_;
    std::vector<std::size_t> uses_;
    std::map<Family, std::vector<const ComparedRow*>> families_;
};

// Throws usage_error with `where`, line and what is allowed.
Gate parse_gate(std::string_view text, const std::string& where);
// The file's, or with an empty path the built-in one. Throws usage_error.
Gate load_gate(const std::string& path);
std::string_view built_in_gate();

}  // namespace tare::compare
