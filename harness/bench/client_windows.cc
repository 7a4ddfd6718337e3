// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/client_windows.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

namespace tare {
namespace {

using Count = Measured<std::uint64_t>;

constexpr double share_max = 0.02;  // by which the bytes of equally many requests may differ: numbers in them vary in length

Count reading_of(const ClientWindow& window, const Quantity& quantity) {
    const auto source = window.seen.find(Source::bpf);
    return source == window.seen.end() ? Absent{"not read"} : source->second.reading(quantity);
}

// Those that a server accepted; several of its processes may try for one of them.
Count accepted(const ClientWindow& window) {
    Count sum = std::uint64_t{0};
    for (const char* const call : {"accept", "accept4"})
        sum = sum + (reading_of(window, {"syscalls", call}) - reading_of(window, {"syscalls_eagain", call}));
    return sum;
}

std::uint64_t expected_in(const IdleWindow& idle, const Quantity& quantity, double duration_ms) {
    const Count seen = idle.seen.reading(quantity);
    if (!seen.present()) return 0;
    return static_cast<std::uint64_t>(std::llround(static_cast<double>(seen.value()) / idle.duration_ms * duration_ms));
}

// More of it in `longer`, and what the server does by itself in the time of the shorter one, which cancels nothing of the
// requests. What happens now and then, a call for more memory for instance, may have fallen into the shorter one: requests cost
// nothing of it then.
Count difference(const Count& longer, const Count& shorter, std::uint64_t expected, std::uint64_t requests) {
    constexpr std::uint64_t requests_per_chance = 100;
    if (!longer.present()) return longer;
    if (!shorter.present()) return shorter;
    const std::uint64_t seen = longer.value() + expected;
    if (seen >= shorter.value()) return seen - shorter.value();
    if (shorter.value() - seen <= requests / requests_per_chance) return std::uint64_t{0};
    return Absent{fmt::format("{} in the run of more requests, {} in that of fewer", longer.value(), shorter.value())};
}

std::set<Quantity> quantities_of(const Snapshot& one, const Snapshot& other) {
    std::set<Quantity> all;
    for (const Snapshot* const snapshot : {&one, &other}) {
        for (const auto& [quantity, reading] : *snapshot) all.insert(quantity);
    }
    return all;
}

Count sum_of_parts(const Snapshot& snapshot, const std::string& metric) {
    Count sum = std::uint64_t{0};
    for (const auto& [detail, part] : snapshot.parts(metric)) sum = sum + part;
    return sum;
}

RequestWindow between(const ClientWindow& shorter, const ClientWindow& longer, Source source, const IdleWindow& idle) {
    const Snapshot& few = shorter.seen.at(source);
    const Snapshot& many = longer.seen.at(source);
    RequestWindow window;
    window.requests = window.exchanges = longer.requests - shorter.requests;
    window.duration_ms = longer.duration_ms;
    for (const Quantity& quantity : quantities_of(few, many)) {
        const Count change = difference(many.reading(quantity), few.reading(quantity),
                                        expected_in(idle, quantity, shorter.duration_ms), window.requests);
        if (quantity.detail.empty() || change != Count(std::uint64_t{0})) window.seen.set(quantity, change);
    }
    // A total that was the sum of its parts stays that, however they were rounded.
    const Snapshot before = window.seen;
    for (const auto& [quantity, reading] : before) {
        if (!quantity.detail.empty() || !reading.present()) continue;
        const Count total = many.reading(quantity);
        if (total.present() && total.value() > 0 && sum_of_parts(many, quantity.metric) == total)
            window.seen.set(quantity, sum_of_parts(before, quantity.metric));
    }
    return window;
}

}  // namespace

std::optional<std::string> miscount(const ClientWindows& windows) {
    const Quantity received{"kernel_copied_bytes", "received"};
    std::array<Count, 3> bytes{Absent{""}, Absent{""}, Absent{""}};
    std::array<Count, 3> connections = bytes;
    for (std::size_t index = 0; index < windows.size(); ++index) {
        bytes[index] = reading_of(windows[index], received);
        connections[index] = accepted(windows[index]);
    }
    for (std::size_t index = 1; index < windows.size(); ++index) {
        if (connections[index].present() && connections[0].present() && connections[index] != connections[0])
            return fmt::format("the client opened {} connections for {} requests and {} for {}: what they cost is not cancelled",
                               connections[0].value(), windows[0].requests, connections[index].value(), windows[index].requests);
    }
    const Count first = bytes[1] - bytes[0];
    const Count second = bytes[2] - bytes[1];
    if (!bytes[0].present() || !bytes[1].present() || !bytes[2].present()) return std::nullopt;
    const std::string told =
        fmt::format("told to make {}, {} and {} requests, it made the server receive {}, {} and {} bytes", windows[0].requests,
                    windows[1].requests, windows[2].requests, bytes[0].value(), bytes[1].value(), bytes[2].value());
    if (!first.present() || !second.present() || first.value() == 0)
        return "the client makes another number of requests than it is told: " + told;
    const double ratio = static_cast<double>(second.value()) / static_cast<double>(first.value());
    if (std::abs(ratio / 2 - 1) <= share_max) return std::nullopt;
    return "the client makes another number of requests than it is told: " + told;
}

std::array<RequestWindow, 2> differences(const ClientWindows& windows, Source source, const IdleWindow& idle) {
    return {between(windows[0], windows[1], source, idle), between(windows[1], windows[2], source, idle)};
}

}  // namespace tare
