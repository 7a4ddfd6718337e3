// SPDX-License-Identifier: Apache-2.0
// A run made up for a test, and one claim held against it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/claims/judge.h"

namespace tare {

// A run of one operation on one variant, in both builds.
class MadeUpRun {
public:
    // Rows that follow are of this window; of the first one of 100 requests unless this is called.
    MadeUpRun& in_window(std::uint64_t repetition, std::uint64_t requests) {
        repetition_ = repetition;
        requests_ = requests;
        return *this;
    }
    // `reading` is of the whole window.
    MadeUpRun& saw(Build build, Source source, const Quantity& quantity, const Measured<std::uint64_t>& reading,
                   std::uint64_t value_bytes = 64) {
        CellKey cell;
        cell.build = build;
        cell.value_bytes = value_bytes;
        return saw(cell, source, quantity, reading);
    }
    // The same in a cell of any sizes and pipeline.
    MadeUpRun& saw(CellKey cell, Source source, const Quantity& quantity, const Measured<std::uint64_t>& reading) {
        Observation seen;
        cell.variant = {"epoll", "level", "as_described"};
        cell.op = "get_hit";
        seen.cell = cell;
        seen.source = source;
        seen.quantity = quantity;
        seen.repetition = repetition_;
        seen.divisor.count = requests_;
        seen.reading = reading;
        rows_.push_back(seen);
        return *this;
    }
    // The same total by ledger and BPF.
    MadeUpRun& agreed(const std::string& metric, std::uint64_t value) {
        return saw(Build::counted, Source::ledger, {metric, ""}, value).saw(Build::counted, Source::bpf, {metric, ""}, value);
    }
    MadeUpRun& part(const std::string& metric, const std::string& detail, std::uint64_t value) {
        return saw(Build::counted, Source::ledger, {metric, detail}, value);
    }

    const std::vector<Observation>& rows() const { return rows_; }
    Measurements measured() const { return Measurements(rows_); }

    // The claim that the judgement points at is gone by then.
    Judgement judged(const std::string& claim) const {
        const std::string text = fmt::format(R"(value_bytes_below = 1024
[servers]
mio = "epoll/level/as_described"
ideal = "uring/skip_send_cqe/gathered_reply"
[[claim]]
id = "c"
section = "Table"
line = 1
server = "mio"
op = "get_hit"
text = "n"
{}
[[consistency]]
id = "same"
first = "c"
second = "c"
remark = ""
)",
                                             claim);
        return judge_claims(parse_claims(text, "made up"), windows_of(rows_), LoadMeasurements(rows_)).front();
    }

private:
    std::vector<Observation> rows_;
    std::uint64_t repetition_ = 0;
    std::uint64_t requests_ = 100;
};

}  // namespace tare
