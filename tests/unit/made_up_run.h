// SPDX-License-Identifier: Apache-2.0
// A run made up for a test, and one claim held against it.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "analysis/case_study/verdict.h"

namespace tare {

// A run of one operation on one variant, in both builds.
class MadeUpRun {
public:
    // `reading` is of the whole window, of 100 requests.
    MadeUpRun& saw(const std::string& build, const std::string& source, const Quantity& quantity, const Reading& reading,
                   std::uint64_t value_bytes = 64) {
        CellKey cell;
        cell.build = build;
        cell.value_bytes = value_bytes;
        return saw(cell, source, quantity, reading);
    }
    // The same in a cell of any sizes and pipeline.
    MadeUpRun& saw(CellKey cell, const std::string& source, const Quantity& quantity, const Reading& reading) {
        Observation seen;
        cell.variant = {"epoll", "level", "as_described"};
        cell.op = "get_hit";
        seen.cell = cell;
        seen.source = source;
        seen.quantity = quantity;
        seen.requests = 100;
        seen.reading = reading;
        rows_.push_back(seen);
        return *this;
    }
    // The same total by ledger and BPF.
    MadeUpRun& agreed(const std::string& metric, std::uint64_t value) {
        return saw("counted", "ledger", {metric, ""}, value).saw("counted", "bpf", {metric, ""}, value);
    }
    MadeUpRun& part(const std::string& metric, const std::string& detail, std::uint64_t value) {
        return saw("counted", "ledger", {metric, detail}, value);
    }

    Measurements measured() const { return Measurements(rows_); }

    // The claim that the judgement points at is gone by then.
    Judgement judged(const std::string& claim) const {
        const std::string text = fmt::format(R"([servers]
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
        return judge_claims(parse_claims(text, "made up"), Measurements(rows_)).front();
    }

private:
    std::vector<Observation> rows_;
};

}  // namespace tare
