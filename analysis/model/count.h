// SPDX-License-Identifier: Apache-2.0
// A metric of the reference document's tables as this run counted it: put together from the quantities of observations.csv, with
// the independent counters that counted the total.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "analysis/model/measurements.h"

namespace tare {

struct Count {
    Figure total{Absent{"not in this run"}};
    std::map<std::string, Figure> parts;
    std::string counters;
    std::string otherwise;    // who counted something else, and what: "bpf 6"; empty when the independent counters agree
    bool parts_named = true;  // false: whoever counted the total has other names for its parts than a claim

    bool agreed() const { return otherwise.empty(); }
};

// A metric of core/metric.h in one cell, as its builds and sources counted it.
Count count_of(const Measurements& measured, const CellPair& cells, const std::string& metric);

// The part of `received_data_copies` that the kernel makes.
inline constexpr std::string_view received_part = "kernel_to_read";

// `metric` as in analysis/case_study/claims.toml: syscalls, allocations, queue_ops, queue_sqes (the SQEs of queue_ops alone),
// data_copies, received_data_copies (and the kernel's copy of the request out of the socket), text_copies or value_copies. Of
// the small value, but for value_copies, which needs a large one, too.
Count count_of(const Measurements& measured, const VariantName& variant, const std::string& op, const std::string& metric);

// What `left` costs more than `right`, in total and part by part.
Count difference(const Count& left, const Count& right);

}  // namespace tare
