// SPDX-License-Identifier: Apache-2.0
// Which frame of a chain is its site, how it is written in short, and the folded line.
#include "probes/symbols/call_site.h"

#include <gtest/gtest.h>

#include "harness/trace/site_rows.h"
#include "harness/trace/site_table.h"
#include "probes/symbols/demangle.h"
#include "probes/symbols/range_index.h"

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
    EXPECT_EQ(site_of(call, {{"app::arena"}}).function, "app::work(int)");
    EXPECT_EQ(site_of(call, {{"app::are"}}).function, "void* app::arena<int>(int)");  // a name, not how it begins
    EXPECT_EQ(site_of(call, {{"app"}}).function, "main");                             // a scope
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

TEST(CallSite, PassesOverTheLibrariesOfRustAndGo) {
    const Frame own = program("main::work");
    for (const char* const wrapper : {"alloc::vec::Vec<T,A>::push", "<alloc::vec::Vec<T> as core::clone::Clone>::clone",
                                      "hashbrown::raw::RawTable<T>::reserve", "<T as alloc::string::ToString>::to_string",
                                      "<&mut [u8] as core::fmt::Write>::write_str", "__rust_alloc", "__rdl_realloc",
                                      "<jemallocator::Jemalloc as core::alloc::global::GlobalAlloc>::alloc",
                                      "core::ops::function::FnOnce::call_once<fn() -> u8>", "runtime.mallocgc", "os.(*File).Read",
                                      "encoding/json.Marshal", "internal/poll.(*FD).Write", "std::__1::vector<int>::grow()"})
        EXPECT_EQ(site_of(chain({program(wrapper), own}), {}).function, "main::work") << wrapper;
    for (const char* const site :
         {"<main::Grower as core::clone::Clone>::clone", "<alloc::vec::Vec<u8> as main::Grows>::grow", "core::allocates(int)",
          "alloc::pool::take<std::string>(int)", "main.(*reader).read", "github.com/user/os.Read", "log.part.0", "runtime"})
        EXPECT_EQ(site_of(chain({program(site), own}), {}).function, site);
    EXPECT_EQ(site_of(chain({program("main::inlined", "/rustc/abcdef/library/core/src/iter.rs"), own}), {}).function,
              "main::work");
}

TEST(CallSite, IsInTheProgramItselfWhereThatIsAskedFor) {
    const CallSite call = chain({library("library_allocates", "/usr/lib/libx.so.1"), program("main")});
    EXPECT_EQ(site_of(call, {}).function, "library_allocates");
    EXPECT_EQ(site_of(call, {{}, true}).function, "main");
    // Where nothing of the program is in the chain, it has its site all the same.
    EXPECT_EQ(site_of(chain({library("in_a_thread", "/usr/lib/libx.so.1")}), {{}, true}).function, "in_a_thread");
}

// "main.(*reader).read" is cut at its bracket by who takes that for arguments (brendangregg/FlameGraph#72).
TEST(CallSite, ShortNamesKeepWhatOtherLanguagesWrite) {
    EXPECT_EQ(short_name(program("main.(*reader).read")), "main.(*reader).read (app/main.cc:7)");
    EXPECT_EQ(short_name(program("main.coldStart.func1")), "main.coldStart.func1 (app/main.cc:7)");
    EXPECT_EQ(short_name(program("<main::VeryLongNameOfAType as main::Grows>::grow")),
              "<main::VeryLongNameOfAType as main::Grows>::grow (app/main.cc:7)");
    EXPECT_EQ(short_name(program("main::call<fn(u8) -> main::VeryLongNameOfAType>")), "main::call<…> (app/main.cc:7)");
    EXPECT_EQ(short_name(program("serve.constprop.0")), "serve (app/main.cc:7)");
    EXPECT_EQ(short_name(program("serve.part.0.cold")), "serve (app/main.cc:7)");
    EXPECT_EQ(short_name(program("made_by_the_compiler", "/src/app/main.cc", 0)), "made_by_the_compiler (app/main.cc)");
}

TEST(CallSite, NamesAreDemangledByTheirLanguage) {
    EXPECT_EQ(demangled("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE"), "core::fmt::Formatter::pad");
    EXPECT_EQ(demangled("_ZN4core3fmt9Formatter3pad17h0123456789abcdefE.llvm.123"), "core::fmt::Formatter::pad");
    EXPECT_EQ(demangled("_RNvNtCs1234_7mycrate3foo3bar"), "mycrate::foo::bar");
    EXPECT_EQ(demangled("_ZN3FooC4Ei"), "Foo::Foo(int)");
    EXPECT_EQ(demangled("main.(*reader).read"), "main.(*reader).read");
    // Types to abi::__cxa_demangle, functions here (namhyung/uftrace#1778).
    EXPECT_EQ(demangled("f"), "f");
    EXPECT_EQ(demangled("i"), "i");
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
    EXPECT_EQ(rows.reading({"allocation_sites", ""}), Measured<std::uint64_t>(3));
    EXPECT_EQ(rows.reading({"allocation_sites", "main (app/main.cc:7)"}), Measured<std::uint64_t>(3));
    EXPECT_EQ(rows.reading({"copy_sites", ""}), Measured<std::uint64_t>(Absent{"stripped"}));
    EXPECT_EQ(rows.size(), 4U);
}

TEST(CallSite, ManyStacksGiveSitesThatHadAtLeastSoManyCalls) {
    SiteCounts counts;
    counts.totals[0] = 5;
    counts.unplaced[0] = 2;
    counts.sites.push_back(chain({program("main")}));
    counts.sites.back().site = program("main");
    // A row would say that it had just so many.
    const Snapshot rows = site_rows(counts);
    EXPECT_EQ(rows.size(), 3U);
    EXPECT_EQ(
        rows.reading({"allocation_sites", ""}),
        Measured<std::uint64_t>(Absent{"the calls come from more different stacks than there is room for: 2 of 5 found none"}));
    const std::string text = sites_as_text("app", {&counts}, {10, SiteMeasure::calls});
    EXPECT_NE(text.find("5 from 1 sites; 2 calls found no room for their stack"), std::string::npos) << text;
    EXPECT_NE(text.find(">= 3  60.0 %  main (app/main.cc:7)"), std::string::npos) << text;
    EXPECT_NE(text.find("2  40.0 %  without a site"), std::string::npos) << text;
    FoldedStacks folded;
    folded.add(counts);
    EXPECT_EQ(folded.text(), "allocations;[no room for the stack] 2\nallocations;main;malloc 3\n");
}

TEST(CallSite, TheTableGoesByBytesWhereThatIsAskedFor) {
    SiteCounts counts;
    counts.totals[0] = 6;
    for (const auto& [name, bytes] : {std::pair("small", 30), std::pair("large", 90)}) {
        counts.sites.push_back(chain({program(name)}));
        counts.sites.back().site = program(name);
        counts.sites.back().size_bytes = bytes;
    }
    const std::string text = sites_as_text("app", {&counts}, {1, SiteMeasure::bytes});
    EXPECT_NE(text.find("allocations by call site: 120 B from 2 sites"), std::string::npos) << text;
    EXPECT_NE(text.find("90  75.0 %  large"), std::string::npos) << text;
    EXPECT_NE(text.find("30  25.0 %  1 other sites"), std::string::npos) << text;
}

// What linkers dropped stands at 0, and may be as long as the program (llvm/llvm-project#58641).
TEST(RangeIndex, FindsTheInnermostAndNothingThatWasDropped) {
    RangeIndex<const char*> ranges;
    for (const auto& [begin, end, name] :
         {std::tuple(0, 1000, "dropped"), std::tuple(1, 1000, "dropped"), std::tuple(100, 200, "outer"),
          std::tuple(120, 130, "first"), std::tuple(140, 150, "second"), std::tuple(300, 300, "empty"),
          std::tuple(400, 500, "one"), std::tuple(400, 500, "alias")})
        ranges.add(begin, end, name);
    ranges.sort();
    const auto name_at = [&](std::uint64_t address) -> std::string {
        const char* const* const found = ranges.at(address);
        return found == nullptr ? "" : *found;
    };
    EXPECT_EQ(name_at(50), "");
    EXPECT_EQ(name_at(125), "first");
    EXPECT_EQ(name_at(160), "outer");
    EXPECT_EQ(name_at(200), "");
    EXPECT_EQ(name_at(300), "");
    EXPECT_EQ(name_at(450), "alias");
}

}  // namespace
}  // namespace tare
