// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/counter_tables.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 2> counter_keys{"functions", "usdt"};

}  // namespace

void add_counters(std::vector<UserCounter>& all, const ConfigTable& counters) {
    for (const std::string& name : counters.keys()) {
        const ConfigTable table = *counters.table(name);
        table.allow(counter_keys);
        UserCounter counter{name, {}, ""};
        if (table.has("functions")) counter.functions = table.texts("functions");
        if (table.has("usdt")) counter.usdt = table.text("usdt");
        if (const std::string fault = fault_of(counter, all); !fault.empty()) throw table.wrong(fault);
        all.push_back(std::move(counter));
    }
}

void include_counters(std::vector<UserCounter>& all, const std::vector<UserCounter>& others) {
    for (const UserCounter& other : others) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const UserCounter& each) { return each.name == other.name; });
        if (same == all.end())
            all.push_back(other);
        else if (*same != other)
            throw usage_error("counter '" + other.name + "' stands for different things in two of the included suites");
    }
}

}  // namespace tare
