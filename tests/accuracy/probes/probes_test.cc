// SPDX-License-Identifier: Apache-2.0
// Each probe watches a program that does a prime number of each thing, and must count exactly that.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "core/owned_fd.h"
#include "probes/catalogue.h"
#include "probes/counters/allocations.h"
#include "probes/counters/copies.h"
#include "probes/exercise.h"
#include "probes/sleep_watch.h"
#include "tests/required.h"

namespace tare {
namespace {

// The target, resting until it is told to do a round.
class Target {
public:
    // `task`: what it does in its rounds; empty for what is counted.
    explicit Target(const char* task = "") {
        std::array<int, 2> to_child{};
        std::array<int, 2> from_child{};
        if (::pipe2(to_child.data(), O_CLOEXEC) != 0 || ::pipe2(from_child.data(), O_CLOEXEC) != 0) std::abort();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(to_child[0], STDIN_FILENO);
            ::dup2(from_child[1], STDOUT_FILENO);
            ::execl(PROBES_TARGET, PROBES_TARGET, task, nullptr);
            ::_exit(127);
        }
        ::close(to_child[0]);
        ::close(from_child[1]);
        commands_ = OwnedFd{to_child[1]};
        rests_ = OwnedFd{from_child[0]};
        await_rest();
    }
    ~Target() {
        if (pid_ > 0) end();
    }

    // Its exit code.
    int end() {
        int status = 0;
        commands_.reset();
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }

    void do_round() {
        if (::write(commands_.get(), "g", 1) != 1) std::abort();
        await_rest();
    }
    pid_t pid() const { return pid_; }

private:
    void await_rest() {
        char byte = 0;
        if (::read(rests_.get(), &byte, 1) != 1) std::abort();
        SleepWatch(pid_).wait();
    }

    pid_t pid_ = -1;
    OwnedFd commands_;
    OwnedFd rests_;
};

// What the probe that `attach` makes for a fresh target counts of so many rounds.
template <class Attach>
Snapshot rounds_seen(int rounds, const Attach& attach, const char* task = "") {
    Target target(task);
    target.do_round();  // what the C library does only once is over then
    const std::unique_ptr<Probe> probe = attach(target.pid());
    const Snapshot open = probe->read();
    for (int round = 0; round < rounds; ++round) target.do_round();
    Snapshot window = probe->read().minus(open);
    const Measured<std::uint64_t> lost = probe->lost_events();
    EXPECT_TRUE(lost.present() && lost.value() == 0) << (lost.present() ? "events were lost" : lost.reason());
    return window;
}

Snapshot rounds_seen_by(const std::string& probe_name, int rounds, const char* task = "") {
    for (const ProbeInfo& info : probe_catalogue()) {
        if (info.name == probe_name)
            return rounds_seen(
                rounds, [&](pid_t pid) { return attach_or_absent(info, pid); }, task);
    }
    ADD_FAILURE() << "no probe is called " << probe_name;
    return {};
}

std::map<std::string, std::string> as_text(const Snapshot& window) {
    std::map<std::string, std::string> text;
    for (const auto& [quantity, reading] : window) {
        const std::string name = quantity.detail.empty() ? quantity.metric : quantity.metric + " " + quantity.detail;
        text[name] = reading.present() ? std::to_string(reading.value()) : "absent: " + reading.reason();
    }
    return text;
}

using Text = std::map<std::string, std::string>;

class Counters : public testing::Test {
protected:
    // Whether this machine has these probes, which a test begins with: one that is absent skips what needs it, and nothing else.
    // The names stand in the test's result, for what is to be said of each probe.
    static bool has(std::initializer_list<std::string_view> names) {
        std::string told;
        for (const std::string_view name : names) told += (told.empty() ? "" : " ") + std::string(name);
        RecordProperty("probes", told);
        for (const ProbeInfo& info : probe_catalogue()) {
            if (std::find(names.begin(), names.end(), info.name) == names.end()) continue;
            const Snapshot seen = attach_or_absent(info, ::getpid())->read();
            if (seen.begin()->second.present()) continue;
            [&] { skip_or_fail(std::string(info.name) + ": " + seen.begin()->second.reason()); }();
            return false;
        }
        return true;
    }
};

TEST_F(Counters, SystemCallsAreCountedByNameAndResult) {
    if (!has({"system_calls"})) return;
    EXPECT_EQ(as_text(rounds_seen_by("system_calls", 1)), (Text{{"futex_waits", "0"},
                                                                {"syscalls", "693"},
                                                                {"syscalls close", "1"},
                                                                {"syscalls epoll_create1", "1"},
                                                                {"syscalls epoll_ctl", "2"},
                                                                {"syscalls epoll_wait", "43"},
                                                                {"syscalls getppid", "211"},
                                                                {"syscalls io_uring_enter", "156"},
                                                                {"syscalls read", "1"},
                                                                {"syscalls recvfrom", "157"},
                                                                {"syscalls sendto", "120"},
                                                                {"syscalls write", "1"},
                                                                {"syscalls_eagain", "37"},
                                                                {"syscalls_eagain recvfrom", "37"},
                                                                {"syscalls_short", "7"},
                                                                {"syscalls_short recvfrom", "7"},
                                                                {"syscalls_zero", "0"},
                                                                {"wait_events", "86"},
                                                                {"wait_events epoll_wait", "86"}}));
}

TEST_F(Counters, QueueOperationsAreCountedByOpcodeAndSkippedCompletionsAreNot) {
    if (!has({"queue_operations"})) return;
    EXPECT_EQ(as_text(rounds_seen_by("queue_operations", 1)), (Text{{"sqes", "156"},
                                                                    {"sqes nop", "156"},
                                                                    {"cqes", "127"},
                                                                    {"cqes nop", "127"},
                                                                    {"cqe_overflows", "0"},
                                                                    {"io_wq_punts", "0"}}));
}

TEST_F(Counters, FdinfoSeesTheSameQueueOperations) {
    if (!has({"fdinfo"})) return;
    EXPECT_EQ(as_text(rounds_seen_by("fdinfo", 3)), (Text{{"sqes", "468"}, {"cqes", "381"}}));
}

TEST_F(Counters, SocketBytesAreCountedEachWay) {
    if (!has({"socket_bytes"})) return;
    EXPECT_EQ(
        as_text(rounds_seen_by("socket_bytes", 1)),
        (Text{{"kernel_copied_bytes", "1172"}, {"kernel_copied_bytes received", "586"}, {"kernel_copied_bytes sent", "586"}}));
}

// Of both ways to attach a uprobe, the one that this kernel would not take by itself as well.
class UprobeCounters : public Counters, public testing::WithParamInterface<UprobeWay> {
protected:
    void SetUp() override {
        if (GetParam() == UprobeWay::multi_link && best_uprobe_way() != UprobeWay::multi_link)
            skip_or_fail("the kernel has no uprobe_multi links that filter by process (Linux 6.10)");
    }
};

INSTANTIATE_TEST_SUITE_P(BothWays, UprobeCounters, testing::Values(UprobeWay::multi_link, UprobeWay::perf_events),
                         [](const auto& way) { return way.param == UprobeWay::multi_link ? "multi_link" : "perf_events"; });

TEST_P(UprobeCounters, AllocationsAreCountedByFunctionWithTheirBytes) {
    if (!has({"allocations"})) return;
    EXPECT_EQ(as_text(rounds_seen(1, [](pid_t pid) { return attach_allocations(pid, GetParam()); })),
              (Text{{"allocations", std::to_string(1009 + 307 + 41 + 503 + 307 + 211 + 103 + 101)},
                    {"allocations malloc", std::to_string(1009 + 307 + 41)},
                    {"allocations calloc", "503"},
                    {"allocations realloc", "307"},
                    {"allocations aligned_alloc_memalign", std::to_string(211 + 103)},
                    {"allocations posix_memalign", "101"},
                    {"allocated_bytes", std::to_string(11099 + 1535 + 697 + 10563 + 3991 + 27008 + 6592 + 19392)},
                    {"allocated_bytes malloc", std::to_string(11099 + 1535 + 697)},
                    {"allocated_bytes calloc", "10563"},
                    {"allocated_bytes realloc", "3991"},
                    {"allocated_bytes aligned_alloc_memalign", std::to_string(27008 + 6592)},
                    {"allocated_bytes posix_memalign", "19392"}}));
}

TEST_P(UprobeCounters, CopiesAreCountedAtTheResolvedAddress) {
    if (!has({"copies"})) return;
    EXPECT_EQ(as_text(rounds_seen(1, [](pid_t pid) { return attach_copies(pid, GetParam()); })),
              (Text{{"copies", "1833"},
                    {"copies memcpy_memmove", "1522"},
                    {"copies mempcpy", "311"},
                    {"copied_bytes", "547909"},
                    {"copied_bytes memcpy_memmove", "542000"},
                    {"copied_bytes mempcpy", "5909"},
                    {"fills", "223"},
                    {"fills memset", "223"},
                    {"filled_bytes", "5129"},
                    {"filled_bytes memset", "5129"}}));
}

// The first uprobe_multi links counted one thread only. Of this process, which allocates a little of its own as well.
TEST_P(UprobeCounters, EveryThreadOfTheTargetIsCounted) {
    if (!has({"allocations"})) return;
    constexpr std::uint64_t events = 1009;
    const auto probe = attach_allocations(::getpid(), GetParam());
    const Snapshot open = probe->read();
    std::thread([] { exercise::malloc_free(events); }).join();
    const Snapshot window = probe->read().minus(open);
    EXPECT_GE(window.reading({"allocations", "malloc"}).value(), events);
}

// A probe that changed what a function does would be worse than none.
TEST_F(Counters, WhatIsCopiedAndFilledStaysRightUnderTheProbes) {
    if (!has({"copies"})) return;
    Target target("check");
    for (const ProbeInfo& info : probe_catalogue()) {
        if (info.name != "copies") continue;
        const auto probe = attach_or_absent(info, target.pid());
        const Snapshot open = probe->read();
        target.do_round();
        const Snapshot window = probe->read().minus(open);
        EXPECT_EQ(window.reading({"fills", ""}), Measured<std::uint64_t>(158));
        EXPECT_EQ(target.end(), 0);
    }
}

TEST_F(Counters, BothCountersOfContextSwitchesAgree) {
    if (!has({"switches", "task_switches"})) return;
    Target target;
    std::map<std::string, std::unique_ptr<Probe>> probes;
    std::map<std::string, Snapshot> open;
    for (const ProbeInfo& info : probe_catalogue()) {
        if (info.name == "switches" || info.name == "task_switches")
            probes[std::string(info.name)] = attach_or_absent(info, target.pid());
    }
    for (const auto& [name, probe] : probes) open[name] = probe->read();
    for (int round = 0; round < 31; ++round) target.do_round();
    const Text bpf = as_text(probes["switches"]->read().minus(open["switches"]));
    const Text proc = as_text(probes["task_switches"]->read().minus(open["task_switches"]));
    EXPECT_EQ(bpf, proc);
    EXPECT_GE(std::stoi(bpf.at("context_switches voluntary")), 31);
}

TEST_F(Counters, WaitsForAFutexAreToldApartFromCallsThatDoNotWait) {
    if (!has({"system_calls"})) return;
    const Text seen = as_text(rounds_seen_by("system_calls", 1, "pages_and_waits"));
    EXPECT_EQ(seen.at("syscalls futex"), "71");
    EXPECT_EQ(seen.at("futex_waits"), "19");
    EXPECT_EQ(seen.at("futex_waits timed_out"), "19");
}

TEST_F(Counters, PageFaultsAreThoseOfThePagesThatAreTouchedFirst) {
    if (!has({"page_faults"})) return;
    EXPECT_EQ(as_text(rounds_seen_by("page_faults", 3, "pages_and_waits")),
              (Text{{"page_faults", "249"}, {"page_faults minor", "249"}}));
}

TEST_F(Counters, AProcessThatIsGoneIsAnError) {
    const pid_t gone = ::fork();
    if (gone == 0) ::_exit(0);
    ::waitpid(gone, nullptr, 0);
    for (const ProbeInfo& info : probe_catalogue()) EXPECT_ANY_THROW(attach_or_absent(info, gone)) << info.name;
}

}  // namespace
}  // namespace tare
