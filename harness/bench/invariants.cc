// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/invariants.h"

#include <fmt/format.h>

#include <array>

namespace tare {
namespace {

// One side: a quantity of a source.
struct Side {
    const char* source;
    const char* metric;
    const char* detail = "";
};

struct Invariant {
    Side left;
    Side right;
};

constexpr std::array<Invariant, 12> invariants{{
    {{"client", "requests_sent"}, {"ledger", "requests_parsed"}},
    {{"client", "sent_bytes"}, {"ledger", "received_bytes"}},
    {{"client", "received_bytes"}, {"ledger", "sent_bytes"}},
    {{"client", "sent_bytes"}, {"bpf", "kernel_copied_bytes", "received"}},
    {{"client", "received_bytes"}, {"bpf", "kernel_copied_bytes", "sent"}},
    {{"ledger", "wait_events"}, {"bpf", "wait_events"}},
    {{"ledger", "sqes"}, {"bpf", "sqes"}},
    {{"ledger", "cqes"}, {"bpf", "cqes"}},
    {{"fdinfo", "sqes"}, {"bpf", "sqes"}},
    {{"fdinfo", "cqes"}, {"bpf", "cqes"}},
    {{"fdinfo", "sqes"}, {"ledger", "sqes"}},
    {{"fdinfo", "cqes"}, {"ledger", "cqes"}},
}};

Reading reading_of(const Sources& window, const Side& side) {
    const auto source = window.find(side.source);
    if (source == window.end()) return Absent{"not read"};
    const auto total = source->second.find({side.metric, ""});
    if (total == source->second.end()) return Absent{"not read"};
    if (!total->second.present() || *side.detail == '\0') return total->second;
    const auto part = source->second.find({side.metric, side.detail});
    return part == source->second.end() ? Reading(std::uint64_t{0}) : part->second;
}

std::string name_of(const Side& side) {
    return fmt::format("{} {}{}{}", side.source, side.metric, *side.detail == '\0' ? "" : " ", side.detail);
}

}  // namespace

std::optional<std::string> violation(const Sources& window, std::uint64_t requests, std::uint64_t replies) {
    const Reading sent = reading_of(window, {"client", "requests_sent"});
    const Reading received = reading_of(window, {"client", "replies_received"});
    if (sent != Reading(requests)) return fmt::format("the client was to send {} requests", requests);
    if (received != Reading(replies)) return fmt::format("the client was to receive {} replies", replies);
    for (const auto& [left, right] : invariants) {
        const Reading one = reading_of(window, left);
        const Reading other = reading_of(window, right);
        if (one.present() && other.present() && one.value() != other.value())
            return fmt::format("{} is {}, {} is {}", name_of(left), one.value(), name_of(right), other.value());
    }
    return std::nullopt;
}

std::vector<std::string> anomalies(const Sources& window) {
    std::vector<std::string> found;
    for (const Side& side : {Side{"bpf", "cqe_overflows"}, {"bpf", "io_wq_punts"}, {"ledger", "connections_dismissed"}}) {
        const Reading count = reading_of(window, side);
        if (count.present() && count.value() > 0) found.push_back(fmt::format("{} {}", count.value(), side.metric));
    }
    return found;
}

std::optional<std::string> imbalance(const Sources& window, std::uint64_t requests, std::uint64_t replies) {
    const std::optional<std::string> fault = violation(window, requests, replies);
    return fault ? std::optional("the window did not balance: " + *fault) : std::nullopt;
}

void check_window(Sources& window, std::uint64_t requests, std::uint64_t replies, const std::string& where,
                  std::vector<std::string>& warnings) {
    const auto warn = [&](const std::string& text) { warnings.push_back(fmt::format("{}: {}", where, text)); };
    for (const std::string& anomaly : anomalies(window)) warn(anomaly);
    const std::optional<std::string> reason = imbalance(window, requests, replies);
    if (!reason) return;
    warn(*reason);
    for (auto& [source, snapshot] : window) snapshot = absent_totals(snapshot, *reason);
}

}  // namespace tare
