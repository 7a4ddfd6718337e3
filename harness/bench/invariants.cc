// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/invariants.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace tare {
namespace {

// One side: a quantity of a source.
struct Side {
    Source source;
    const char* metric;
    const char* detail = "";
};

struct Invariant {
    Side left;
    Side right;
};

constexpr std::array<Invariant, 12> invariants{{
    {{Source::client, "requests_sent"}, {Source::ledger, "requests_parsed"}},
    {{Source::client, "sent_bytes"}, {Source::ledger, "received_bytes"}},
    {{Source::client, "received_bytes"}, {Source::ledger, "sent_bytes"}},
    {{Source::client, "sent_bytes"}, {Source::bpf, "kernel_copied_bytes", "received"}},
    {{Source::client, "received_bytes"}, {Source::bpf, "kernel_copied_bytes", "sent"}},
    {{Source::ledger, "wait_events"}, {Source::bpf, "wait_events"}},
    {{Source::ledger, "sqes"}, {Source::bpf, "sqes"}},
    {{Source::ledger, "cqes"}, {Source::bpf, "cqes"}},
    {{Source::fdinfo, "sqes"}, {Source::bpf, "sqes"}},
    {{Source::fdinfo, "cqes"}, {Source::bpf, "cqes"}},
    {{Source::fdinfo, "sqes"}, {Source::ledger, "sqes"}},
    {{Source::fdinfo, "cqes"}, {Source::ledger, "cqes"}},
}};

Measured<std::uint64_t> reading_of(const Sources& window, const Side& side) {
    const auto source = window.find(side.source);
    if (source == window.end()) return Absent{"not read"};
    return source->second.reading({side.metric, side.detail});
}

std::string name_of(const Side& side) {
    return fmt::format("{} {}{}{}", name_of(side.source), side.metric, *side.detail == '\0' ? "" : " ", side.detail);
}

}  // namespace

std::optional<std::string> violation(const Sources& window, std::uint64_t requests, std::uint64_t replies, Sockets sockets) {
    const Measured<std::uint64_t> sent = reading_of(window, {Source::client, "requests_sent"});
    const Measured<std::uint64_t> received = reading_of(window, {Source::client, "replies_received"});
    if (sent != Measured<std::uint64_t>(requests)) return fmt::format("the client was to send {} requests", requests);
    if (received != Measured<std::uint64_t>(replies)) return fmt::format("the client was to receive {} replies", replies);
    for (const auto& [left, right] : invariants) {
        const Measured<std::uint64_t> one = reading_of(window, left);
        const Measured<std::uint64_t> other = reading_of(window, right);
        if (!one.present() || !other.present() || one.value() == other.value()) continue;
        const bool of_others = sockets == Sockets::of_others_too && std::string_view(right.metric) == "kernel_copied_bytes";
        if (!of_others || one.value() > other.value())
            return fmt::format("{} is {}, {} is {}", name_of(left), one.value(), name_of(right), other.value());
    }
    return std::nullopt;
}

std::vector<std::string> anomalies(const Sources& window) {
    std::vector<std::string> found;
    for (const Side& side :
         {Side{Source::bpf, "cqe_overflows"}, {Source::bpf, "io_wq_punts"}, {Source::ledger, "connections_dismissed"}}) {
        const Measured<std::uint64_t> count = reading_of(window, side);
        if (count.present() && count.value() > 0) found.push_back(fmt::format("{} {}", count.value(), side.metric));
    }
    return found;
}

std::optional<std::string> imbalance(const Sources& window, std::uint64_t requests, std::uint64_t replies, Sockets sockets) {
    const std::optional<std::string> fault = violation(window, requests, replies, sockets);
    return fault ? std::optional("the window did not balance: " + *fault) : std::nullopt;
}

void check_window(Sources& window, std::uint64_t requests, std::uint64_t replies, Sockets sockets, const std::string& where,
                  std::vector<std::string>& warnings) {
    const auto warn = [&](const std::string& text) { warnings.push_back(fmt::format("{}: {}", where, text)); };
    for (const std::string& anomaly : anomalies(window)) warn(anomaly);
    const std::optional<std::string> reason = imbalance(window, requests, replies, sockets);
    if (!reason) return;
    warn(*reason);
    for (auto& [source, snapshot] : window) snapshot = snapshot.without_readings(*reason);
}

}  // namespace tare
