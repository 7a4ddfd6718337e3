// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/task_switches.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "core/error.h"

namespace tare {
namespace {

struct Field {
    const char* name;
    const char* detail;
};
constexpr std::array<Field, 2> fields{{{"voluntary_ctxt_switches:", "voluntary"}, {"nonvoluntary_ctxt_switches:", "preempted"}}};

class TaskSwitches : public Probe {
public:
    explicit TaskSwitches(pid_t pid) : tasks_("/proc/" + std::to_string(pid) + "/task") {}

    // A thread that ends takes its counts with it: from then on there is no total, rather than one that is too small.
    Snapshot read() override {
        std::array<std::uint64_t, fields.size()> counts{};
        std::error_code error;
        std::set<std::string> threads;
        for (const auto& task : std::filesystem::directory_iterator(tasks_, error)) {
            std::ifstream status(task.path() / "status");
            if (status) threads.insert(task.path().filename().string());
            std::string name;
            while (status >> name) {
                for (std::size_t index = 0; index < fields.size(); ++index) {
                    std::uint64_t count = 0;
                    if (name == fields[index].name && status >> count) counts[index] += count;
                }
                status.ignore(4096, '\n');
            }
        }
        ended_ = ended_ || !std::includes(threads.begin(), threads.end(), threads_.begin(), threads_.end());
        threads_ = std::move(threads);
        if (ended_) return {{{"context_switches", ""}, Absent{"a thread ended and took its count with it"}}};
        if (error) return {{{"context_switches", ""}, Absent{tasks_ + ": " + error.message()}}};
        Snapshot snapshot{{{"context_switches", ""}, counts[0] + counts[1]}};
        for (std::size_t index = 0; index < fields.size(); ++index) {
            if (counts[index] > 0) snapshot.set({"context_switches", fields[index].detail}, counts[index]);
        }
        return snapshot;
    }

private:
    std::string tasks_;
    std::set<std::string> threads_;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Probe> attach_task_switches(const Target& target) {
    if (target.tree != nullptr) throw cannot_measure("counts of one process, not of a tree");
    return std::make_unique<TaskSwitches>(target.pid);
}

}  // namespace tare
