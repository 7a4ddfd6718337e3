// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/passed_calls.h"

#include <algorithm>
#include <cstring>

namespace tare {
namespace {

// An instruction that goes elsewhere: to an address, to what a word holds, or nobody knows where.
struct Transfer {
    bool is_call = false;
    bool through_word = false;
    bool is_known = true;
    std::uint64_t address = 0;  // of its target, or of the word
};

std::uint64_t relative(std::string_view code, std::size_t place, std::uint64_t address) {
    std::int32_t distance = 0;
    std::memcpy(&distance, code.data() + place, sizeof(distance));
    return address + place + sizeof(distance) + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
}

// Intel's manual, volume 2: call and jmp with a distance of 32 bits, jumps on a condition, and opcode FF with 2 (call) or 4 (jmp)
// in ModRM.
template <class Visit>
void for_each_transfer(std::string_view code, std::uint64_t address, Visit visit) {
    for (std::size_t place = 0; place + 1 < code.size(); ++place) {
        const auto byte = static_cast<unsigned char>(code[place]);
        const auto next = static_cast<unsigned char>(code[place + 1]);
        const bool has_4 = place + 5 <= code.size();
        const bool has_5 = place + 6 <= code.size();
        if ((byte == 0xE8 || byte == 0xE9) && has_4)
            visit(Transfer{byte == 0xE8, false, true, relative(code, place + 1, address)});
        if (byte == 0x0F && (next & 0xF0) == 0x80 && has_5)
            visit(Transfer{false, false, true, relative(code, place + 2, address)});
        if (byte != 0xFF) continue;
        const unsigned operation = (next >> 3) & 7;
        if (operation != 2 && operation != 4) continue;
        const bool is_table = place > 0 && static_cast<unsigned char>(code[place - 1]) == 0x3E;  // notrack: a switch
        if ((next & 0xC7) == 0x05 && has_5)
            visit(Transfer{operation == 2, true, true, relative(code, place + 2, address)});
        else if (!is_table)
            visit(Transfer{operation == 2, false, false, 0});
    }
}

}  // namespace

PassedCalls::PassedCalls(const ElfFile& elf, const std::vector<ElfFunction>& family,
                         const std::function<bool(std::string_view)>& is_family, bool passes_on)
    : elf_(elf), passes_on_(passes_on) {
    for (const ElfFunction& function : family) addresses_.push_back(function.address);
    std::sort(addresses_.begin(), addresses_.end());
    pointers_ = elf.filled_words([&](std::uint64_t, std::string_view symbol, std::uint64_t value) {
        return symbol.empty() ? std::binary_search(addresses_.begin(), addresses_.end(), value) : is_family(symbol);
    });
}

bool PassedCalls::is_in_family(std::uint64_t address) const {
    if (std::binary_search(addresses_.begin(), addresses_.end(), address)) return true;
    const auto word = elf_.word_of_stub(address);
    return word && pointers_.contains(*word);
}

std::uint64_t PassedCalls::end_of(const ElfFunction& function) const {
    if (function.size_bytes != 0) return function.address + function.size_bytes;
    const auto extent = elf_.extent_at(function.address);
    return extent ? extent->end : function.address;
}

bool PassedCalls::reaches(const ElfFunction& function, Kind kind) const {
    const std::uint64_t end = end_of(function);
    bool found = false;
    for_each_transfer(elf_.bytes_at(function.address, end - function.address), function.address, [&](const Transfer& transfer) {
        if (found || transfer.is_call != (kind == Kind::call)) return;
        if (!transfer.is_known)
            found = passes_on_;
        else if (transfer.through_word)
            found = passes_on_ || pointers_.contains(transfer.address);
        else
            found = transfer.address != function.address && is_in_family(transfer.address);
    });
    return found;
}

bool PassedCalls::may_reach_by_others(const ElfFunction& function, const std::set<std::uint64_t>& left_out) const {
    constexpr std::size_t functions_max = 256;
    std::set<std::uint64_t> seen = left_out;
    seen.insert(function.address);
    const std::size_t most = seen.size() + functions_max;
    std::vector<ElfFile::Extent> open{{function.address, end_of(function)}};
    bool found = false;
    while (!open.empty() && !found && seen.size() < most) {
        const ElfFile::Extent extent = open.back();
        const bool is_other = extent.begin != function.address;
        open.pop_back();
        for_each_transfer(elf_.bytes_at(extent.begin, extent.end - extent.begin), extent.begin, [&](const Transfer& transfer) {
            if (found || !transfer.is_known || (transfer.address >= extent.begin && transfer.address < extent.end)) return;
            const bool reaches = transfer.through_word ? pointers_.contains(transfer.address) : is_in_family(transfer.address);
            found = is_other && reaches;
            if (reaches || transfer.through_word || !seen.insert(transfer.address).second) return;
            if (const auto next = elf_.extent_at(transfer.address); next && next->begin == transfer.address)
                open.push_back(*next);
        });
    }
    return found || seen.size() >= most;
}

}  // namespace tare
