// SPDX-License-Identifier: Apache-2.0
// Which frame of a chain is its site, how it is written in short, and the folded line.
#include "probes/call_site.h"

#include <gtest/gtest.h>

#include "harness/sites/site_rows.h"

namespace tare {
namespace {

Frame program(const char* function, const char* file = "/src/app/main.cc", std::uint64_t line = 7) {
    return {function, file, line, false, "/bin/app", 0x1234, true};
}
Frame library(const char* function, const char* module) { return {function, "", 0, false, module, 0x40, false}; }

CallSite chain(std::vector<Frame> frames) {
    return {SiteKind::allocation, "malloc", "/lib/libc.so.6", 3, 30, std::move(frames), {}};
}

TEST(CallSite, IsTheInnermostFunctionThatDoesNotPassTheCallOn) {
    const CallSite call =
        chain({library("operator new(unsigned long)", "/lib/libstdc++.so.6"),
               program("std::vector<int, std::allocator<int> >::push_back(int const&)", "/usr/include/c++/12/v.h"),
               program("void* app::arena<int>(int)"), program("app::work(int)"), program("main")});
    EXPECT_EQ(site_of(call, {}).function, "void* app::arena<int>(int)");
    EXPECT_EQ(site_of(call, {"app::arena"}).function, "app::work(int)");
    EXPECT_EQ(site_of(call, {"app::are"}).function, "void* app::arena<int>(int)");  // a name, not how it begins
    EXPECT_EQ(site_of(call, {"app"}).function, "main");                             // a scope
}

TEST(CallSite, FallsBackToTheInnermostOutsideTheFunctionsLibrary) {
    const CallSite call =
        chain({library("strdup", "/lib/libc.so.6"), library("std::locale::locale()", "/lib/libstdc++.so.6"), {"[stack cut]"}});
    EXPECT_EQ(site_of(call, {}).function, "std::locale::locale()");
    EXPECT_EQ(site_of(chain({library("strdup", "/lib/libc.so.6")}), {}).function, "strdup");
    EXPECT_EQ(short_name(site_of(chain({}), {})), "[unknown]");
}

TEST(CallSite, ShortNamesLeaveOutArgumentsAndLongTemplates) {
    EXPECT_EQ(short_name(program("void a::b<int>::c(std::string const&) const")), "a::b<int>::c (app/main.cc:7)");
    EXPECT_EQ(short_name(program("a::b<std::basic_string<char, std::char_traits<char> > >::c(int)")),
              "a::b<…>::c (app/main.cc:7)");
    EXPECT_EQ(short_name(program("(anonymous namespace)::f(int)::{lambda(int)#1}::operator()(int) const")),
              "(anonymous namespace)::f (app/main.cc:7)");
    EXPECT_EQ(short_name(program("bool operator< <int>(A const&, A const&)")), "operator< <int> (app/main.cc:7)");
    EXPECT_EQ(short_name(library("[unknown]", "/usr/lib/libx.so.1")), "[unknown] (libx.so.1+0x40)");
}

TEST(CallSite, FoldsFromTheRootToTheCalledFunction) {
    SiteCounts counts;
    Frame inlined = program("f(char;)");
    inlined.is_inlined = true;
    counts.sites.push_back(chain({inlined, library("[unknown]", "/usr/lib/libx.so.1"), program("main")}));
    FoldedStacks folded;
    folded.add(counts);
    folded.add(counts, {"cell"});
    folded.add(counts);
    EXPECT_EQ(folded.text(),
              "allocations;main;[unknown] (libx.so.1+0x40);f(char:)_[i];malloc 6\n"
              "cell;allocations;main;[unknown] (libx.so.1+0x40);f(char:)_[i];malloc 3\n");
}

TEST(CallSite, AnAbsentKindIsOneRowWithItsReason) {
    SiteCounts counts;
    counts.totals[0] = 3;
    counts.totals[1] = Absent{"stripped"};
    counts.sites.push_back(chain({program("main")}));
    counts.sites.back().site = program("main");
    const Snapshot rows = site_rows(counts);
    EXPECT_EQ(rows.at({"allocation_sites", ""}), Reading(3));
    EXPECT_EQ(rows.at({"allocation_sites", "main (app/main.cc:7)"}), Reading(3));
    EXPECT_EQ(rows.at({"copy_sites", ""}), Reading(Absent{"stripped"}));
    EXPECT_EQ(rows.size(), 4U);
}

}  // namespace
}  // namespace tare
