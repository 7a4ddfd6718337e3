// SPDX-License-Identifier: Apache-2.0
#include "harness/load_marks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>

namespace tare {
namespace {

constexpr double client_share_max = 0.85;
constexpr double stolen_share_max = 0.02;
constexpr double delayed_share_max = 0.05;

bool exceeds(const Reading& reading, double share, std::uint64_t elapsed_ns) {
    return reading.present() && static_cast<double>(reading.value()) > share * static_cast<double>(elapsed_ns);
}

}  // namespace

// Field 8 of the line "cpu" in proc_stat(5), in ticks.
Reading stolen_ns() {
    std::ifstream file("/proc/stat");
    std::string name;
    std::uint64_t ticks = 0;
    file >> name;
    for (int field = 0; field < 8; ++field) file >> ticks;
    if (!file) return Absent{"/proc/stat: no time stolen by the hypervisor"};
    return ticks * (1'000'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
}

Snapshot Marks::snapshot() const {
    Snapshot marks{{{"marks", ""}, names.size()}};
    for (const std::string& name : names) marks.emplace(Quantity{"marks", name}, 1);
    return marks;
}

Marks marks_of(const LoadResult& closed, const LoadResult* open, const Snapshot& window, const Reading& stolen) {
    Marks marks;
    const std::vector<std::uint64_t>& cpu_ns = closed.client_cpu_ns;
    if (!cpu_ns.empty() && exceeds(*std::max_element(cpu_ns.begin(), cpu_ns.end()), client_share_max, closed.elapsed_ns))
        marks.names.emplace_back("client_bound");
    if (open != nullptr && open->overdue_requests > 0) marks.names.emplace_back("over_capacity");
    if (exceeds(stolen, stolen_share_max, closed.elapsed_ns)) marks.names.emplace_back("steal");
    const auto delay = window.find({"run_delay_ns", ""});
    if (delay != window.end() && exceeds(delay->second, delayed_share_max, closed.elapsed_ns))
        marks.names.emplace_back("other_load");
    return marks;
}

std::string told_marks(const Cell& cell, const std::vector<Observation>& rows) {
    std::map<std::string, std::size_t> times;
    for (const Observation& row : rows) {
        if (row.quantity.metric == "marks" && !row.quantity.detail.empty()) ++times[row.quantity.detail];
    }
    std::string text;
    for (const auto& [mark, count] : times)
        text +=
            fmt::format("{}{} in {} of {}", text.empty() ? to_string(cell) + ": " : ", ", mark, count, cell.load->repetitions);
    return text;
}

}  // namespace tare
