// SPDX-License-Identifier: Apache-2.0
// The functions that an ELF file defines, by both of its symbol tables, and where their code stands in the file.
#pragma once

#include <cstdint>
#include <functional>
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

    // The address that the file gives to its code at `offset`, bytes from the start of the file, of the page where that begins or
    // later; none where it has no code.
    std::optional<std::uint64_t> code_address(std::uint64_t offset) const;

private:
    std::optional<std::uint64_t> file_offset(std::uint64_t address) const;

    struct Close {
        void operator()(Elf* elf) const;
    };
    OwnedFd file_;
    std::unique_ptr<Elf, Close> elf_;
};

// cannot_measure: a static program without symbols, of which nobody can say where its `function` is.
[[noreturn]] void throw_stripped(const std::string& name, const std::string& function);

// The first function of that name, or nullptr.
const ElfFunction* function_named(const std::vector<ElfFunction>& functions, std::string_view name);

}  // namespace tare
