// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/validity_flags.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>

namespace tare {
namespace {

constexpr double stolen_share_max = 0.02;
constexpr double delayed_share_max = 0.05;

// Whether a part of the window is more than this share of it; absent when the part is.
Measured<std::uint64_t> exceeds(const Measured<std::uint64_t>& part_ns, double share, std::uint64_t elapsed_ns) {
    const double most_ns = share * static_cast<double>(elapsed_ns);
    return part_ns.transform([=](std::uint64_t ns) -> std::uint64_t { return static_cast<double>(ns) > most_ns ? 1 : 0; });
}

Measured<std::uint64_t> delay_of(const Snapshot& server) {
    const Quantity delay{"run_delay_ns", ""};
    if (!server.tells(delay)) return Absent{"nothing told how long the server waited for a core"};
    return server.reading(delay);
}

Measured<std::uint64_t> busiest_ns(const std::vector<std::uint64_t>& client_cpu_ns) {
    if (client_cpu_ns.empty()) return Absent{"no client thread told its CPU time"};
    return *std::max_element(client_cpu_ns.begin(), client_cpu_ns.end());
}

Measured<std::uint64_t> cpu_of(const Snapshot& server) {
    const Quantity cpu{"cpu_ns", ""};
    if (!server.tells(cpu)) return Absent{"nothing told the server's CPU time"};
    return server.reading(cpu);
}

// Whether a client thread was busy while the server had time to spare; where the client was not, nobody asks of the server.
Measured<std::uint64_t> client_bound(const LoadResult& result, const Measured<std::uint64_t>& server_cpu_ns) {
    Measured<std::uint64_t> busy = exceeds(busiest_ns(result.client_cpu_ns), client_bound_share, result.elapsed_ns);
    if (!busy.present() || busy.value() == 0) return busy;
    const double most_ns = server_busy_share * static_cast<double>(result.elapsed_ns);
    return server_cpu_ns.transform([=](std::uint64_t ns) -> std::uint64_t { return static_cast<double>(ns) < most_ns ? 1 : 0; });
}

// A mark that stands, or whose absence cannot be told.
void add_mark(Snapshot& marks, const std::string& name, const Measured<std::uint64_t>& mark) {
    if (!mark.present() || mark.value() > 0) marks.set({"marks", name}, mark);
}

void add_marks(Snapshot& marks, const std::string& prefix, const LoadResult& result, const Measured<std::uint64_t>& server_cpu_ns,
               const Measured<std::uint64_t>& stolen) {
    add_mark(marks, prefix + "client_bound", client_bound(result, server_cpu_ns));
    add_mark(marks, prefix + "steal", exceeds(stolen, stolen_share_max, result.elapsed_ns));
}

void add_marks(Snapshot& marks, const std::string& prefix, const TimedWindow& window) {
    add_marks(marks, prefix, window.result, cpu_of(window.server), window.stolen);
    add_mark(marks, prefix + "other_load", exceeds(delay_of(window.server), delayed_share_max, window.result.elapsed_ns));
}

Snapshot with_total(Snapshot marks) {
    Measured<std::uint64_t> total = std::uint64_t{0};
    for (const auto& [quantity, mark] : marks) total = total + mark;
    marks.set({"marks", ""}, total);
    return marks;
}

}  // namespace

// Field 8 of the line "cpu" in proc_stat(5), in ticks.
Measured<std::uint64_t> stolen_ns() {
    std::ifstream file("/proc/stat");
    std::string name;
    std::uint64_t ticks = 0;
    file >> name;
    for (int field = 0; field < 8; ++field) file >> ticks;
    if (!file) return Absent{"/proc/stat: no time stolen by the hypervisor"};
    return ticks * (1'000'000'000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
}

Snapshot marks_of(const TimedWindow& closed, const TimedWindow* open) {
    Snapshot marks;
    add_marks(marks, "", closed);
    if (open != nullptr) {
        add_marks(marks, "open_", *open);
        add_mark(marks, "over_capacity", open->result.overdue_requests > 0 ? 1 : 0);
    }
    return with_total(marks);
}

Snapshot marks_of_client(const LoadResult& result, const Measured<std::uint64_t>& server_cpu_ns,
                         const Measured<std::uint64_t>& stolen, bool interrupted) {
    Snapshot marks;
    add_marks(marks, "", result, server_cpu_ns, stolen);
    add_mark(marks, "over_capacity", result.overdue_requests > 0 ? 1 : 0);
    add_mark(marks, "interrupted", interrupted ? 1 : 0);
    return with_total(marks);
}

std::vector<std::string> told_marks(const std::vector<Observation>& rows) {
    struct Places {
        std::set<CellKey> cells;
        std::size_t repetitions = 0;
    };
    std::map<std::string, std::string> unreadable;
    std::map<std::string, Places> by_mark;  // the total, which every timed repetition has, under the empty name
    for (const Observation& row : rows) {
        if (row.quantity.metric != "marks") continue;
        if (!row.reading.present() && !row.quantity.detail.empty()) {
            unreadable.emplace(row.quantity.detail, row.reading.reason());
            continue;
        }
        Places& places = by_mark[row.quantity.detail];
        places.cells.insert(row.cell);
        ++places.repetitions;
    }
    std::vector<std::string> lines;
    lines.reserve(unreadable.size() + by_mark.size());
    for (const auto& [mark, reason] : unreadable)
        lines.push_back(fmt::format("whether times should be marked {} is not known: {}", mark, reason));
    const Places all = by_mark[""];
    for (const auto& [mark, places] : by_mark) {
        if (mark.empty()) continue;
        lines.push_back(fmt::format("times marked {}: in {} of {} cells under load, {} of {} repetitions; their rows say so",
                                    mark, places.cells.size(), all.cells.size(), places.repetitions, all.repetitions));
    }
    return lines;
}

}  // namespace tare
