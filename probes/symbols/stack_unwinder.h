// SPDX-License-Identifier: Apache-2.0
// Copies of stacks made into frames with elfutils' libdwfl: return addresses by each file's .eh_frame, names and lines by its
// symbols and debug information, inlined functions as frames of their own. Only what is on this machine is read; nothing is
// asked of a debuginfod server.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "probes/bpf/shared/call_sites.h"
#include "probes/symbols/call_site.h"
#include "probes/symbols/debug_names.h"
#include "probes/symbols/process_image.h"

struct Dwfl;
struct Dwfl_Module;

namespace tare {

// The frames at each place in a file that was asked for, so that processes which run the same file share them.
using PlaceFrames = std::vector<Frame>;
using KnownFrames = std::map<std::pair<FileId, std::uint64_t>, PlaceFrames>;

// A stack by its places, innermost first: equal ones are the same objects.
struct Chain {
    std::vector<const PlaceFrames*> places;
    std::string end;  // "[stack cut]" or "[unknown]" where it ends before the thread's first function, otherwise empty
    friend auto operator<=>(const Chain&, const Chain&) = default;
};

class StackUnwinder {
public:
    // Both must outlive it. Files that libdwfl cannot read give unknown frames.
    StackUnwinder(const ProcessImage& image, KnownFrames& known);
    ~StackUnwinder();
    StackUnwinder(const StackUnwinder&) = delete;
    StackUnwinder& operator=(const StackUnwinder&) = delete;

    // Its places live as long as the known frames; never empty.
    Chain unwind(const whole_stack& snapshot);
    // Path of the file that an address is in; empty where none is.
    std::string module_at(std::uint64_t address) const;

private:
    struct Walk;
    struct Callbacks;
    struct End {
        void operator()(Dwfl* dwfl) const;
    };
    // Where the innermost function was called, of one that makes no frame and does not say so: its return address is on top of
    // the stack. nullopt of any other.
    std::optional<whole_stack> left_frameless(const whole_stack& snapshot);
    DebugNames& names_of(Dwfl_Module* module);
    // The frames at one address: first those that were inlined there, then the function's own.
    const PlaceFrames& frames_at(std::uint64_t address);
    // The mapping that an address is in, and its first address; nullptr where nothing is mapped.
    std::pair<std::uint64_t, const ProcessImage::Mapped*> mapped_at(std::uint64_t address) const;

    const ProcessImage& image_;
    KnownFrames& known_;
    std::unique_ptr<Dwfl, End> dwfl_;
    std::unique_ptr<Walk> walk_;
    std::map<Dwfl_Module*, DebugNames> names_;
};

}  // namespace tare
