// SPDX-License-Identifier: Apache-2.0
// A test of one reference server, run for every variant in both builds: whatever `tare-server --list` names, but the
// null variants, which do not parse.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "core/error.h"
#include "core/wire/reply.h"
#include "harness/bench/reference_servers.h"
#include "harness/bench/server_process.h"
#include "tests/required.h"
#include "tests/system/contract/peer.h"

namespace tare {

struct ServedVariant {
    std::string variant;
    Build build = Build::timed;
    friend std::ostream& operator<<(std::ostream& out, const ServedVariant& served) {
        return out << served.variant << ' ' << name_of(served.build);
    }
};

inline std::vector<ServedVariant> every_server() {
    std::vector<ServedVariant> all;
    const ReferenceServers servers = ReferenceServers::beside_this_program();
    for (const auto& row : servers.variants()) {
        if (row.name.starts_with("null/")) continue;
        all.push_back({row.name, Build::timed});
        // The ledger is told in the loops and by the lowest rung's decisions as by any other's.
        if (row.name.ends_with("/as_described")) all.push_back({row.name, Build::counted});
    }
    return all;
}

// "uring_oneshot_as_described_timed"
inline std::string test_name(const testing::TestParamInfo<ServedVariant>& info) {
    std::string name = info.param.variant + "_" + std::string(name_of(info.param.build));
    for (char& letter : name) {
        if (letter == '/' || letter == '-') letter = '_';
    }
    return name;
}

// Client and server share one core: a client that yields finds that the server has read what was sent. No server spins, which
// would take the core from the client.
class ServerTest : public testing::TestWithParam<ServedVariant> {
protected:
    void SetUp() override {
        ASSERT_EQ(::sched_getaffinity(0, sizeof(all_cores_), &all_cores_), 0);
        const int cpu = ::sched_getcpu();
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(static_cast<unsigned>(cpu), &cores);
        ASSERT_EQ(::sched_setaffinity(0, sizeof(cores), &cores), 0);
        try {
            const std::string program = ReferenceServers::beside_this_program().program(GetParam().build);
            std::vector<std::string> arguments{program, GetParam().variant, "--poll-idle-ms", "0"};
            for (const std::string& option : options()) arguments.push_back(option);
            server_.emplace(arguments, cpu);
        } catch (const Error& error) {
            if (error.code() != ExitCode::cannot_measure) throw;
            skip_or_fail(error.what());
        }
    }
    void TearDown() override {
        // The next test may stand on whichever core is free.
        ::sched_setaffinity(0, sizeof(all_cores_), &all_cores_);
        if (!server_) return;
        EXPECT_EQ(reply_to(port(), "version\r\nquit\r\n"), wire::version) << "it must still serve; " << server_->exit_report();
    }
    // What this test's servers are told beside the variant.
    virtual std::vector<std::string> options() const { return {}; }
    std::uint16_t port() const { return server_->port(); }

    std::optional<ServerProcess> server_;

private:
    cpu_set_t all_cores_{};
};

}  // namespace tare
