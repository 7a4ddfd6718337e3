// SPDX-License-Identifier: Apache-2.0
// A user names functions as the sources do, and symbols are found by it; what is no counter is refused with what it should be.
#include "probes/counters/user_counter.h"

#include <gtest/gtest.h>

#include "probes/symbols/user_functions.h"
#include "tests/refusal.h"

namespace tare {
namespace {

using Functions = std::vector<std::string>;

TEST(user_functions, a_name_is_found_by_itself_and_as_the_source_has_it) {
    EXPECT_TRUE(is_called("pthread_mutex_lock", "pthread_mutex_lock"));
    EXPECT_TRUE(is_called("_ZN5store5Table4findEi", "store::Table::find"));
    EXPECT_TRUE(is_called("_ZN5store5Table4findEi", "store::Table::find(int)"));
    EXPECT_TRUE(is_called("_ZNK5store5Table4findEi", "store::Table::find(int)"));  // const
    EXPECT_TRUE(is_called("_ZN5store5visitIiEEiRVKT_", "store::visit"));
    EXPECT_TRUE(is_called("_ZN5store5visitIiEEiRVKT_", "store::visit<int>"));
    EXPECT_TRUE(is_called("_ZN5storeplERKS_S1_", "store::operator+"));
    EXPECT_TRUE(is_called("_Znwm", "operator new"));
    EXPECT_TRUE(is_called("_ZN5alloc3fmt6format17h0123456789abcdefE", "alloc::fmt::format"));
}

TEST(user_functions, another_function_is_not) {
    EXPECT_FALSE(is_called("pthread_mutex_lock_internal", "pthread_mutex_lock"));
    EXPECT_FALSE(is_called("_ZN5store5Table4findEi", "find"));
    EXPECT_FALSE(is_called("_ZN5store5Table4findEi", "store::Table::find(long)"));
    EXPECT_FALSE(is_called("_ZN5store5Table4findEi", "store::Table"));
    EXPECT_FALSE(is_called("_ZN5store5Table9find_nextEi", "store::Table::find"));
}

TEST(user_functions, a_copy_that_a_compiler_made_counts_and_a_part_that_it_cut_off_does_not) {
    EXPECT_TRUE(is_called("parse.constprop.0", "parse"));
    EXPECT_TRUE(is_called("parse.isra.0.constprop.2", "parse"));
    EXPECT_FALSE(is_called("parse.cold", "parse"));
    EXPECT_FALSE(is_called("parse.part.0", "parse"));
}

TEST(user_counter, it_has_functions_or_a_usdt_probe) {
    const UserCounter locks = parse_user_counter("locks=pthread_mutex_lock,pthread_rwlock_wrlock", {});
    EXPECT_EQ(locks, (UserCounter{"locks", {"pthread_mutex_lock", "pthread_rwlock_wrlock"}, ""}));
    EXPECT_EQ(parse_user_counter("finds=find(int, char),std::map<int, int>::at,operator->", {}).functions,
              (Functions{"find(int, char)", "std::map<int, int>::at", "operator->"}));
    EXPECT_EQ(parse_user_counter("entries=usdt:server:enter", {}), (UserCounter{"entries", {}, "server:enter"}));
}

TEST(user_counter, what_is_none_is_refused) {
    const auto refused = [](const char* text, const std::vector<UserCounter>& others = {}) {
        return refusal(ExitCode::usage, [&] { parse_user_counter(text, others); });
    };
    EXPECT_NE(refused("locks").find("NAME=FUNCTION"), std::string::npos);
    EXPECT_NE(refused("syscalls=read").find("tare list metrics"), std::string::npos);
    EXPECT_NE(refused("9locks=read").find("small letters"), std::string::npos);
    EXPECT_NE(refused("locks=a,,b").find("without a name"), std::string::npos);
    EXPECT_NE(refused("locks=a,b,a").find("twice"), std::string::npos);
    EXPECT_NE(refused("locks=usdt:enter").find("provider:name"), std::string::npos);
    EXPECT_NE(refused("locks=b", {{"locks", {"a"}, ""}}).find("already"), std::string::npos);
}

}  // namespace
}  // namespace tare
