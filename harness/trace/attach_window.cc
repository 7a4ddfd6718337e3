// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/attach_window.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>
#include <thread>

#include "core/error.h"
#include "harness/process/child.h"
#include "harness/process/descriptor_limit.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

using Clock = std::chrono::steady_clock;

// New code is looked at so often; where no functions are counted it does not matter, and the machine is left alone.
constexpr std::chrono::milliseconds looks_apart(5);
constexpr std::chrono::milliseconds rests_apart(50);

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

class Windows {
public:
    Windows(AttachedTree& tree, Attachment& attachment, bool functions)
        : tree_(tree), attachment_(attachment), pause_(functions ? looks_apart : rests_apart) {}

    // One window, until `is_over` of its seconds, the interrupt, or the end of every root.
    AttachedWindow count(const std::function<bool(double)>& is_over) {
        const AttachedTree::Counts open = tree_.read();
        const Clock::time_point begin = Clock::now();
        while (!is_over(seconds_since(begin)) && !interrupted() && !all_ended()) {
            std::this_thread::sleep_for(pause_);
            tree_.look();
        }
        const double length_s = seconds_since(begin);
        const AttachedTree::Counts close = tree_.read();
        note_ended();
        return {tree_.window_between(open, close), length_s};
    }

private:
    void note_ended() {
        attachment_.ended.clear();
        for (const RunningProcess& root : attachment_.roots) {
            if (has_ended(root.pid)) attachment_.ended.push_back(root.pid);
        }
    }
    bool all_ended() {
        return std::all_of(attachment_.roots.begin(), attachment_.roots.end(),
                           [](const RunningProcess& root) { return has_ended(root.pid); });
    }

    AttachedTree& tree_;
    Attachment& attachment_;
    std::chrono::milliseconds pause_;
};

std::int64_t file_clock_s() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now.tv_sec;
}

std::unique_ptr<AttachedTree> attach_tree(const AttachPlan& plan) {
    try {
        return std::make_unique<AttachedTree>(plan.pids, plan.options);
    } catch (const Error& error) {
        const std::string what = error.what();
        if (error.code() != ExitCode::cannot_measure || what.find("CAP_BPF") == std::string::npos) throw;
        throw cannot_measure(what + ", and with CAP_SYS_PTRACE for processes of others");
    }
}

// The user's client. It stays in this program's process group: an interrupt from the terminal is for it, too.
std::unique_ptr<Child> start_client(const std::vector<std::string>& arguments, int output) {
    const pid_t parent = ::getpid();
    auto client = std::make_unique<Child>(arguments, [parent, output] {
        die_with(parent);
        return output == STDOUT_FILENO || ::dup2(output, STDOUT_FILENO) >= 0;
    });
    if (const int error_number = client->exec_error())
        throw run_failed(arguments.front() + ": it cannot be executed: " + error_text(error_number));
    return client;
}

}  // namespace

Attachment attach_to(const AttachPlan& plan) {
    Attachment attachment;
    for (const pid_t pid : plan.pids) {
        if (pid == ::getpid()) throw usage_error(fmt::format("--pid: {} is this tare, which does not count itself", pid));
        attachment.roots.push_back(running_process(pid));
    }
    const SoftDescriptorLimit all_descriptors(SoftDescriptorLimit::highest);
    const std::unique_ptr<AttachedTree> tree = attach_tree(plan);
    catch_interrupts();
    Windows windows(*tree, attachment, plan.options.probes_functions());
    if (plan.idle_s > 0) attachment.idle = windows.count([&](double passed_s) { return passed_s >= plan.idle_s; });
    if (interrupted()) throw run_failed("interrupted in the idle window; nothing was counted (--idle 0 leaves it out)");
    attachment.begin_s = file_clock_s();
    std::unique_ptr<Child> command;  // not counted; it ends with this window
    const auto is_over = [&](double passed_s) {
        if (!command && !plan.command.empty()) {
            const SoftDescriptorLimit its_own(all_descriptors.former());
            command = start_client(plan.command, plan.command_output);
        }
        if (command && command->status()) return true;
        return plan.duration_s && passed_s >= *plan.duration_s;
    };
    tree->begin_call_sites();
    attachment.counted = windows.count(is_over);
    attachment.sites = tree->call_sites();
    if (command && command->status()) attachment.command_status = *command->status();
    attachment.process_count = tree->process_count();
    return attachment;
}

}  // namespace tare
