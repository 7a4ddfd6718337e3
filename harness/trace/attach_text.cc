// SPDX-License-Identifier: Apache-2.0
// The table for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "harness/trace/attach_output.h"
#include "harness/trace/series.h"

namespace tare {
namespace {

std::string heading_of(const Attachment& attachment) {
    std::string text;
    for (const RunningProcess& root : attachment.roots)
        text += fmt::format("process {} ({}), user {}, {} threads\n", root.pid,
                            root.command_line.empty() ? root.name : root.command_line, root.user, root.thread_count);
    text += fmt::format("processes: {} with all descendants\n", attachment.process_count);
    text += attachment.idle ? fmt::format("idle window: {:.3f} s\n", attachment.idle->length_s)
                            : "idle window: none, so background is not told apart\n";
    return text + fmt::format("counted window: {:.3f} s\n", attachment.counted.length_s);
}

std::string label_of(const Quantity& quantity) {
    if (quantity.detail.empty()) return quantity.metric == "copies" ? "copies (libc-visible)" : quantity.metric;
    if (quantity.metric != "thread_syscalls") return "  " + quantity.detail;
    return fmt::format("  {} {}", quantity.detail, name_of_task(std::stoi(quantity.detail)));
}

std::string text_of(const Measured<std::uint64_t>& reading) {
    return reading.present() ? std::to_string(reading.value()) : "absent";
}

// `reading` times `factor`, with as many digits as a rate needs.
std::string scaled(const Measured<std::uint64_t>& reading, double factor, int digits) {
    return reading.present() ? fmt::format("{:.{}f}", static_cast<double>(reading.value()) * factor, digits) : "absent";
}

std::vector<Quantity> quantities_of(const Attachment& attachment) {
    std::vector<CountedCommand> windows(attachment.idle ? 2 : 1);
    windows.front().sources[Source::bpf] = attachment.counted.counts;
    if (attachment.idle) windows.back().sources[Source::bpf] = attachment.idle->counts;
    std::vector<Quantity> quantities;
    for (const auto& [quantity, readings] : rows_of(windows)) quantities.push_back(quantity);
    return quantities;
}

constexpr const char* legend =
    "\nlibc-visible: calls of memcpy, memmove and mempcpy that reach a C library; what a compiler wrote inline is not seen.\n"
    "The probes slow the server while they are attached; `tare doctor` says what each can count, and a run's report what each "
    "costs.\n"
    "Take no times from this window.\n";

}  // namespace

std::string as_text(const Attachment& attachment, std::optional<std::uint64_t> requests) {
    std::string text = heading_of(attachment);
    if (requests) text += fmt::format("requests: {}\n", *requests);
    text += fmt::format("\n{:34} {:>16}", "", "counted");
    if (requests) text += fmt::format(" {:>14}", "per request");
    if (attachment.idle) text += fmt::format(" {:>14} {:>14}", "idle, per s", "expected idle");
    text += "\n";
    std::map<std::string, std::vector<std::string>> reasons;
    for (const Quantity& quantity : quantities_of(attachment)) {
        const Measured<std::uint64_t> counted = attachment.counted.counts.reading(quantity);
        if (!counted.present() && quantity.detail.empty())
            reasons[counted.reason()].push_back(quantity.metric);
        else if (!counted.present() && !reasons.contains(counted.reason()))  // a part has a reason of its own, or its total's
            reasons[counted.reason()].push_back(quantity.detail);
        text += fmt::format("{:34} {:>16}", label_of(quantity), text_of(counted));
        if (requests) text += fmt::format(" {:>14}", scaled(counted, 1 / static_cast<double>(*requests), 4));
        if (attachment.idle) {
            const Measured<std::uint64_t> idle = attachment.idle->counts.reading(quantity);
            const double rate = 1 / attachment.idle->length_s;
            text += fmt::format(" {:>14} {:>14}", scaled(idle, rate, 1), scaled(idle, rate * attachment.counted.length_s, 0));
        }
        text += "\n";
    }
    if (!reasons.empty()) text += "\n";
    for (const auto& [reason, metrics] : reasons) text += fmt::format("absent: {}: {}\n", fmt::join(metrics, ", "), reason);
    if (attachment.idle)
        text +=
            "\nexpected idle: what the idle window's rate makes of the counted one's length; it is part of what was counted, not "
            "taken from it.\n";
    return text + legend;
}

}  // namespace tare
