// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/idle_subtraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "core/bounds.h"

namespace tare {
namespace {

constexpr double deviations = 3;
constexpr double finest_cost = 0.1;  // of one request, that is still told from background

// Of one quantity, in both windows.
struct Apart {
    std::array<std::uint64_t, 2> per_request{};
    std::array<std::uint64_t, 2> background{};
};

// Of what all three windows tell; asserts that this one does.
std::uint64_t value_in(const Snapshot& snapshot, const Quantity& quantity) { return snapshot.reading(quantity).value(); }

std::optional<Apart> tell_apart(const Quantity& quantity, const std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    const double rate_per_ms = static_cast<double>(value_in(idle.seen, quantity)) / idle.duration_ms;
    Apart apart;
    for (std::size_t index = 0; index < windows.size(); ++index) {
        const RequestWindow& window = windows[index];
        const auto requests = static_cast<double>(window.requests);
        const auto seen = static_cast<double>(value_in(window.seen, quantity));
        const double explained = rate_per_ms * window.duration_ms;
        const double tolerance = 1 + deviations * std::sqrt(explained);
        if (tolerance > finest_cost * requests) return std::nullopt;
        const double cost = std::max(0.0, std::round((seen - explained) / requests));
        const double rest = seen - cost * requests;
        if (rest < 0 || std::abs(rest - explained) > tolerance) return std::nullopt;
        apart.per_request[index] = static_cast<std::uint64_t>(cost);
        apart.background[index] = static_cast<std::uint64_t>(rest);
    }
    if (apart.per_request[0] != apart.per_request[1]) return std::nullopt;
    return apart;
}

// A thread that is busy on its own, at a rate that may change with what there is to do.
std::optional<Apart> all_idle_activity(const Quantity& thread, const std::array<RequestWindow, 2>& windows) {
    Apart apart;
    for (std::size_t index = 0; index < windows.size(); ++index) {
        apart.background[index] = value_in(windows[index].seen, thread);
        if (apart.background[index] >= windows[index].exchanges) return std::nullopt;
    }
    return apart;
}

using Counts = std::array<std::uint64_t, 3>;  // idle and both windows

void add_counts(Counts& sum, const Quantity& quantity, const std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    sum[0] += value_in(idle.seen, quantity);
    sum[1] += value_in(windows[0].seen, quantity);
    sum[2] += value_in(windows[1].seen, quantity);
}

// What one request may cost, as far as both windows say.
struct Bounds {
    double low = 0;
    double high = 0;
};

Bounds bounds_in(const Quantity& quantity, const RequestWindow& window, const IdleWindow& idle) {
    const auto requests = static_cast<double>(window.requests);
    const auto seen = static_cast<double>(value_in(window.seen, quantity));
    const double explained = static_cast<double>(value_in(idle.seen, quantity)) / idle.duration_ms * window.duration_ms;
    const double tolerance = 1 + deviations * std::sqrt(explained);
    return {std::max(0.0, seen - explained - tolerance) / requests,
            std::clamp(seen - explained + tolerance, 0.0, seen) / requests};
}

Bounds bounds_of(const Quantity& quantity, const std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    const Bounds first = bounds_in(quantity, windows[0], idle);
    const Bounds second = bounds_in(quantity, windows[1], idle);
    const Bounds both{std::max(first.low, second.low), std::min(first.high, second.high)};
    if (both.low <= both.high) return both;
    return {std::min(first.low, second.low), std::max(first.high, second.high)};  // it differed between them
}

// Rounded outwards, with as many digits as it takes to tell its ends apart.
std::string text_of(const Bounds& bounds) {
    double scale = 100;
    int digits = 2;
    while (digits < 5 && bounds.high - bounds.low < 1 / scale) ++digits, scale *= 10;
    return fmt::format("{:.{}f} to {:.{}f}", std::floor(bounds.low * scale) / scale, digits,
                       std::ceil(bounds.high * scale) / scale, digits);
}

Absent not_told_apart(std::size_t index, const Quantity& quantity, const std::array<RequestWindow, 2>& windows,
                      const IdleWindow& idle) {
    const RequestWindow& window = windows[index];
    return {
        fmt::format("{}{}raise `requests`: background and requests cannot be told apart ({} in {} requests and {:.0f} ms; {} in "
                    "{:.0f} ms when idle)",
                    text_of(bounds_of(quantity, windows, idle)), bounds_end, value_in(window.seen, quantity), window.requests,
                    window.duration_ms, value_in(idle.seen, quantity), idle.duration_ms)};
}

using Three = std::array<const Snapshot*, 3>;

Three all_three(const std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    return {&idle.seen, &windows[0].seen, &windows[1].seen};
}

bool countable(const std::array<RequestWindow, 2>& windows, const IdleWindow& idle, const Quantity& quantity) {
    const Three all = all_three(windows, idle);
    return std::all_of(all.begin(), all.end(), [&](const Snapshot* seen) { return seen->reading(quantity).present(); });
}

Measured<std::uint64_t> sum_of_parts(const Snapshot& snapshot, const std::string& metric) {
    Measured<std::uint64_t> sum = std::uint64_t{0};
    for (const auto& [detail, part] : snapshot.parts(metric)) sum = sum + part;
    return sum;
}

// A total that is the sum of its parts stays that.
void add_up(Snapshot& after, const Snapshot& before, const Quantity& total) {
    if (sum_of_parts(before, total.metric) == Measured<std::uint64_t>(0)) return;
    const Measured<std::uint64_t> sum = sum_of_parts(after, total.metric);
    if (!sum.present() || sum_of_parts(before, total.metric) == before.reading(total)) after.set(total, sum);
}

// Whether the calls that could not be told apart are those of such threads: when idle exactly, and in a window of requests but
// for a few of either side, as where a thread waits for another's lock.
bool accounted_for(const Counts& by_names, const Counts& by_threads, const std::array<RequestWindow, 2>& windows) {
    const auto differs = [&](std::size_t index) {
        const std::uint64_t most = std::max(by_names[index], by_threads[index]);
        return most - std::min(by_names[index], by_threads[index]);
    };
    return differs(0) == 0 && differs(1) <= windows[0].requests / 100 && differs(2) <= windows[1].requests / 100;
}

// What the idle window shows and all windows have counted, told apart or not.
std::map<Quantity, std::optional<Apart>> tell_all_apart(const std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    std::map<Quantity, std::optional<Apart>> all;
    Counts by_threads{};
    Counts by_names{};
    for (const auto& [quantity, reading] : idle.seen) {
        const bool whole = countable(windows, idle, {quantity.metric, ""}) && countable(windows, idle, quantity);
        if (!whole || reading.value() == 0) continue;
        std::optional<Apart>& apart = all[quantity] = tell_apart(quantity, windows, idle);
        if (apart || quantity.detail.empty()) continue;
        if (quantity.metric == "syscalls") add_counts(by_names, quantity, windows, idle);
        if (quantity.metric != "thread_syscalls") continue;
        apart = all_idle_activity(quantity, windows);
        if (apart) add_counts(by_threads, quantity, windows, idle);
    }
    if (!accounted_for(by_names, by_threads, windows)) return all;
    for (auto& [quantity, apart] : all) {
        if (quantity.metric == "syscalls" && !quantity.detail.empty() && !apart) apart = all_idle_activity(quantity, windows);
    }
    return all;
}

// What one of the three windows lacks cannot be told apart in the others either, and is no count of requests there.
void refuse_absent(std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    const std::array<RequestWindow, 2> before = windows;
    const Three all = all_three(before, idle);
    for (RequestWindow& window : windows) {
        const Snapshot listed = window.seen;
        for (const auto& [quantity, reading] : listed) {
            for (const Snapshot* const seen : all) {
                const Measured<std::uint64_t> total = seen->total(quantity.metric);
                const Measured<std::uint64_t> other = total.present() ? seen->reading(quantity) : total;
                if (window.seen.reading(quantity).present() && !other.present()) window.seen.set(quantity, other);
            }
        }
    }
}

}  // namespace

std::array<Snapshot, 2> subtract_idle_activity(std::array<RequestWindow, 2>& windows, const IdleWindow& idle) {
    std::array<Snapshot, 2> background;
    refuse_absent(windows, idle);
    const std::array<RequestWindow, 2> before = windows;
    const auto all = tell_all_apart(windows, idle);
    for (std::size_t index = 0; index < windows.size(); ++index) {
        RequestWindow& window = windows[index];
        for (const auto& [quantity, apart] : all) {
            const Measured<std::uint64_t> left = apart ? Measured<std::uint64_t>(apart->per_request[index] * window.requests)
                                                       : Measured<std::uint64_t>(not_told_apart(index, quantity, before, idle));
            window.seen.set(quantity, left);
            if (!quantity.detail.empty() && left == Measured<std::uint64_t>(0)) window.seen.erase(quantity);
            if (apart) background[index].set(quantity, apart->background[index]);
        }
        for (const auto& [quantity, apart] : all) {
            if (!quantity.detail.empty()) continue;
            add_up(window.seen, before[index].seen, quantity);
            // Of a total that lacks a part, its own bounds.
            if (!window.seen.reading(quantity).present())
                window.seen.set(quantity, not_told_apart(index, quantity, before, idle));
            if (window.seen.reading(quantity).present())
                background[index].set(quantity, before[index].seen.reading(quantity) - window.seen.reading(quantity));
            else
                background[index].erase(quantity);
        }
    }
    return background;
}

}  // namespace tare
