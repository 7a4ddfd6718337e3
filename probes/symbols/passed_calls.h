// SPDX-License-Identifier: Apache-2.0
// Which functions of a family call or jump to another of it, by their code: what they do for that one is counted once
// (function.bpf.h). Every byte of a function is read as if an instruction might begin there, so that no call is overlooked; one
// too many only makes more be remembered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "probes/symbols/elf_file.h"

namespace tare {

class PassedCalls {
public:
    // `family` is what `elf` defines, `is_family` whether a name that it takes from elsewhere belongs to it. `passes_on`:
    // pointers to functions may lead to the family too, in other files.
    PassedCalls(const ElfFile& elf, const std::vector<ElfFunction>& family,
                const std::function<bool(std::string_view)>& is_family, bool passes_on);

    bool calls(const ElfFunction& function) const { return reaches(function, Kind::call); }
    bool jumps(const ElfFunction& function) const { return reaches(function, Kind::jump); }
    // Whether other functions of the file, which it calls or jumps to, reach the family for it; true, too, where they are too
    // many. Those at the addresses `left_out` do nothing for it.
    bool may_reach_by_others(const ElfFunction& function, const std::set<std::uint64_t>& left_out) const;
    // Whether a function of the family is there, or the linker's stub of one.
    bool is_in_family(std::uint64_t address) const;
    // The end of its code, by its address; its begin where nothing says.
    std::uint64_t end_of(const ElfFunction& function) const;

private:
    enum class Kind : std::uint8_t { call, jump };
    bool reaches(const ElfFunction& function, Kind kind) const;

    const ElfFile& elf_;
    std::vector<std::uint64_t> addresses_;
    std::map<std::uint64_t, ElfFile::Filled> pointers_;  // words that hold addresses of the family
    bool passes_on_;
};

}  // namespace tare
