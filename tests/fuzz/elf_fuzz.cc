// SPDX-License-Identifier: Apache-2.0
// ELF files: what is read of one that is cut or changed stays within it, or the file is refused.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "probes/symbols/elf_file.h"
#include "probes/symbols/go_functions.h"
#include "probes/symbols/usdt_notes.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    OwnedFd file{::memfd_create("fuzz", MFD_CLOEXEC)};
    fuzz::require(::write(file.get(), data, size_bytes) == static_cast<ssize_t>(size_bytes), "the file is written");
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    fuzz::refuses_only_by({ExitCode::cannot_measure}, [&] {
        const ElfFile elf(path, "fuzz");
        const auto any = [](std::string_view) { return true; };
        for (const ElfFunction& function : elf.functions(any)) {
            fuzz::require(function.offset < size_bytes, "a function stands in its file");
            elf.extent_at(function.address);
            elf.bytes_at(function.address, 16);
        }
        elf.names_interpreter();
        elf.shared_name();
        elf.imports(any);
        elf.filled_words([](std::uint64_t, std::string_view, std::uint64_t) { return true; });
        for (const char* const name : {".text", ".note.stapsdt", ".gopclntab"}) elf.section(name);
        usdt_entries(elf, "provider", "probe");
        if (is_go(elf)) go_functions(elf, "fuzz", any);
    });
    return 0;
}
