// SPDX-License-Identifier: Apache-2.0
// A call site: the chain of frames that a counted call came from, and which of them is named as the place in short. How the
// chain is found is call_sites.h's business.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/measured.h"
#include "probes/bpf/shared/call_sites.h"

namespace tare {

enum class SiteKind : std::uint8_t {
    allocation = kind_allocation,
    copy = kind_copy,
    system_call = kind_system_call,
    function = kind_function,  // that a user's counter names
};
struct SiteKindRow {
    std::string_view metric;   // of observations.csv
    std::string_view counted;  // the metric whose calls these are
    std::string_view heading;
};
inline constexpr std::array<SiteKindRow, site_kind_count> site_kinds{{{"allocation_sites", "allocations", "allocations"},
                                                                      {"copy_sites", "copies", "copies"},
                                                                      {"syscall_sites", "syscalls", "system calls"},
                                                                      {"counter_sites", "the counters", "counters"}}};

struct Frame {
    std::string function;  // demangled, in full; "[unknown]" without a symbol, "[stack cut]" where the copied stack ended
    std::string file;      // source; empty without debug information
    std::uint64_t line = 0;
    bool is_inlined = false;
    std::string module;        // path as the process knows it; empty where nothing is mapped
    std::uint64_t offset = 0;  // address in the module, as its ELF file numbers them
    bool is_program = false;   // the module is the program itself
    friend auto operator<=>(const Frame&, const Frame&) = default;
};

struct CallSite {
    SiteKind kind = SiteKind::allocation;
    std::string function;  // what was called: malloc, memcpy, the system call's name
    std::string module;    // that defines it; empty for a system call
    std::uint64_t count = 0;
    std::uint64_t size_bytes = 0;  // asked for or copied, in sum; 0 for system calls
    std::vector<Frame> frames;     // innermost first, the called function left out
    Frame site;                    // the one that stands for the chain (site_of)
};

// Chains with their counts, the most frequent first, and what each kind counted in sum: absent, with the reason, when its sites
// are not whole, and then none of them is listed.
struct SiteCounts {
    std::vector<CallSite> sites;
    std::array<Measured<std::uint64_t>, site_kind_count> totals{Absent{"not attached"}, Absent{"not attached"},
                                                                Absent{"not attached"}, Absent{"not attached"}};
    // Calls of each total that have no site, because there were more different stacks than there is room for. Above 0, any site
    // may have had some of them: its count is the least that it had.
    std::array<std::uint64_t, site_kind_count> unplaced{};
    std::vector<std::string> counters = {};  // of a user, whose functions are the last kind

    // Without counters there is no last kind.
    std::size_t kind_count() const { return counters.empty() ? kind_function : site_kind_count; }
};

// Which frame of a chain is its site.
struct SiteRule {
    std::vector<std::string> wrappers;  // functions that only pass a call on, beside those of standard libraries (wrappers.h)
    bool in_program = false;            // whether a site is in the program's own file, whatever libraries lie between
};

// The frame that stands for the chain: the innermost that is no wrapper. Where all are, the innermost outside the called
// function's library, else the innermost. An empty chain has an unknown one.
Frame site_of(const CallSite& site, const SiteRule& rule);

// "function (file:line)", of a frame without debug information "function (module+0x12ab)". Arguments and long template
// arguments are left out, of the file its last two names remain.
std::string short_name(const Frame& frame);

}  // namespace tare
