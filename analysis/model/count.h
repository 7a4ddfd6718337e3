// SPDX-License-Identifier: Apache-2.0
// A metric of the reference document's tables as this run counted it: put together from the quantities of observations.csv, with
// the independent counters that counted the total.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "analysis/model/measurements.h"

namespace tare {

struct Count {
    PerRequest total{Absent{"not in this run"}};
    std::map<std::string, PerRequest> parts;
    std::string counters;
    std::string otherwise;    // who counted something else, and what: "bpf 6"; empty when the independent counters agree
    bool parts_named = true;  // false: whoever counted the total has other names for its parts than a claim

    bool agreed() const { return otherwise.empty(); }
};

// A metric of core/metric.h in one cell, as its builds and sources counted it.
Count count_of(const Measurements& measured, const CellPair& cells, const std::string& metric);

// The part of `received_data_copies` that the kernel makes.
inline constexpr std::string_view received_part = "kernel_to_read";

// Metrics that are put together from others: queue_ops (sqes and cqes), queue_sqes (the SQEs of queue_ops alone), data_copies (of
// a request, a value or a reply), received_data_copies (and the kernel's copy of the request out of the socket), text_copies (of
// key, header and status text) and value_copies (the slope of copied bytes over the size of the value: how often the value was
// copied).
inline constexpr std::array<std::string_view, 6> composite_metrics{
    "queue_ops", "queue_sqes", "data_copies", "received_data_copies", "text_copies", "value_copies"};
// The metric whose rows tell whether a window has this one: sqes of queue_ops, itself of what is not put together.
std::string counted_metric(const std::string& metric);

// Any of these, or of core/metric.h, of one request; `large` is the same with a larger value, which value_copies needs.
Count count_of_request(const Measurements& measured, const CellPair& small, const CellPair& large, const std::string& metric);

// The same of the small value of the reference document (small_value_bytes), and the largest there is.
Count count_of(const Measurements& measured, const VariantName& variant, const std::string& op, const std::string& metric);

// What `left` costs more than `right`, in total and part by part.
Count difference(const Count& left, const Count& right);

}  // namespace tare
