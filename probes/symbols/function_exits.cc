// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/function_exits.h"

#include <capstone/capstone.h>

#include <memory>
#include <set>
#include <string_view>

namespace tare {
namespace {

struct Free {
    void operator()(cs_insn* instruction) const { ::cs_free(instruction, 1); }
};

class Disassembler {
public:
    Disassembler() : is_open_(::cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) == CS_ERR_OK) {
        if (!is_open_) return;
        ::cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
        instruction_.reset(::cs_malloc(handle_));
    }
    Disassembler(const Disassembler&) = delete;
    Disassembler& operator=(const Disassembler&) = delete;
    ~Disassembler() {
        instruction_.reset();
        if (is_open_) ::cs_close(&handle_);
    }

    // Calls `visit` with each instruction in turn; false where one is not known.
    template <class Visit>
    bool for_each(std::string_view code, std::uint64_t address, Visit visit) {
        const auto* next = reinterpret_cast<const std::uint8_t*>(code.data());
        std::size_t left = code.size();
        while (is_open_ && left > 0) {
            if (!::cs_disasm_iter(handle_, &next, &left, &address, instruction_.get())) return false;
            visit(*instruction_);
        }
        return is_open_;
    }

private:
    csh handle_ = 0;
    bool is_open_;
    std::unique_ptr<cs_insn, Free> instruction_;
};

bool is_in(const cs_insn& instruction, x86_insn_group group) {
    for (std::uint8_t index = 0; index < instruction.detail->groups_count; ++index) {
        if (instruction.detail->groups[index] == group) return true;
    }
    return false;
}

// The code that a jump to `target` goes on in: in the file also behind a stub of the linker.
std::optional<ElfFile::Extent> code_at(const ElfFile& elf, std::uint64_t target) {
    const auto word = elf.word_of_stub(target);
    if (!word) return elf.extent_at(target);
    const auto filled =
        elf.filled_words([&](std::uint64_t address, std::string_view, std::uint64_t) { return address == *word; });
    if (filled.empty()) return std::nullopt;
    const std::string& name = filled.begin()->second.symbol;
    const auto functions = elf.functions([&](std::string_view each) { return each == name; });
    return functions.empty() || functions.front().is_ifunc ? std::nullopt : elf.extent_at(functions.front().address);
}

}  // namespace

std::optional<std::vector<std::uint64_t>> function_exits(const ElfFile& elf, std::uint64_t begin, std::uint64_t end,
                                                         const std::function<bool(std::uint64_t)>& is_counted) {
    constexpr std::size_t parts_max = 16;
    Disassembler disassembler;
    std::vector<std::uint64_t> exits;
    std::set<std::uint64_t> seen{begin};
    std::vector<ElfFile::Extent> open{{begin, end}};
    while (!open.empty()) {
        const ElfFile::Extent part = open.back();
        open.pop_back();
        bool is_known = seen.size() <= parts_max && part.end > part.begin;
        const auto visit = [&](const cs_insn& instruction) {
            const cs_x86_op& operand = instruction.detail->x86.operands[0];
            if (is_in(instruction, X86_GRP_RET)) {
                const auto offset = elf.file_offset(instruction.address);
                is_known = is_known && offset;
                if (offset) exits.push_back(*offset);
            } else if (is_in(instruction, X86_GRP_JUMP)) {
                if (operand.type != X86_OP_IMM) {
                    is_known = false;
                    return;
                }
                const auto target = static_cast<std::uint64_t>(operand.imm);
                if ((target >= part.begin && target < part.end) || (target >= begin && target < end) || is_counted(target))
                    return;
                const auto next = code_at(elf, target);
                is_known = is_known && next;
                if (next && seen.insert(next->begin).second) open.push_back(*next);
            }
        };
        const bool is_decoded = disassembler.for_each(elf.bytes_at(part.begin, part.end - part.begin), part.begin, visit);
        if (!is_decoded || !is_known) return std::nullopt;
    }
    return exits;
}

}  // namespace tare
