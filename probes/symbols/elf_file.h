// SPDX-License-Identifier: Apache-2.0
// The functions that an ELF file defines, by both of its symbol tables, and where their code stands in the file.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/owned_fd.h"

struct Elf;

namespace tare {

struct ElfFunction {
    std::string name;
    std::uint64_t offset = 0;  // bytes from the start of the file
    bool is_ifunc = false;     // then it is the resolver that stands at `offset`
    std::uint64_t address = 0;
    std::uint64_t size_bytes = 0;  // 0 where the file does not say
};

class ElfFile {
public:
    // Throws cannot_measure naming `name` when `path` is no readable ELF file for this machine.
    ElfFile(const std::string& path, const std::string& name);

    // Whether the file says how it is to be linked when it starts; a static program does not.
    bool names_interpreter() const;
    // Whether it has its full symbol table, which `strip` removes.
    bool has_symbol_table() const;
    // The defined functions whose name is `wanted`; one that stands in both tables comes once.
    std::vector<ElfFunction> functions(const std::function<bool(std::string_view)>& wanted) const;

    // The section of that name, by its bytes and the address of the first; none where there is none, or it has no bytes in the
    // file.
    struct Section {
        std::uint64_t address = 0;
        std::string_view bytes;
    };
    std::optional<Section> section(std::string_view name) const;
    // Its bytes from `address` on, at most `size_bytes`; fewer where its segment ends.
    std::string bytes_at(std::uint64_t address, std::uint64_t size_bytes) const;
    // All its bytes.
    std::string_view bytes() const;
    // DT_SONAME; empty where it has none.
    std::string shared_name() const;
    // Whether it takes one of the `wanted` functions from other files.
    bool imports(const std::function<bool(std::string_view)>& wanted) const;
    // By its address each word that the dynamic linker fills and that is `wanted` (by its address, the symbol whose address it is
    // to hold, and what the file says of its value where no symbol is named).
    struct Filled {
        std::string symbol;
        std::uint64_t value = 0;
    };
    using WantedWord = std::function<bool(std::uint64_t address, std::string_view symbol, std::uint64_t value)>;
    std::map<std::uint64_t, Filled> filled_words(const WantedWord& wanted) const;
    // Of a stub by which the linker leads calls to a function elsewhere (`jmp *word`): the address of its word.
    std::optional<std::uint64_t> word_of_stub(std::uint64_t address) const;
    // Where the function that has code at `address` begins and ends, by the file's table for unwinding; nothing where that does
    // not say.
    struct Extent {
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };
    std::optional<Extent> extent_at(std::uint64_t address) const;
    // Where the byte of this address stands in the file; none where it does not.
    std::optional<std::uint64_t> file_offset(std::uint64_t address) const;

    // The address that the file gives to its code at `offset`, bytes from the start of the file, of the page where that begins or
    // later; none where it has no code.
    std::optional<std::uint64_t> code_address(std::uint64_t offset) const;

private:
    std::map<std::uint64_t, std::uint64_t> read_extents() const;

    struct Close {
        void operator()(Elf* elf) const;
    };
    OwnedFd file_;
    mutable std::optional<std::map<std::uint64_t, std::uint64_t>> extents_;  // ends by begin; read when it is first asked for
    std::unique_ptr<Elf, Close> elf_;
};

// cannot_measure: a static program without symbols, of which nobody can say where its `function` is.
[[noreturn]] void throw_stripped(const std::string& name, const std::string& function);

// The first function of that name, or nullptr.
const ElfFunction* function_named(const std::vector<ElfFunction>& functions, std::string_view name);

}  // namespace tare
