// SPDX-License-Identifier: Apache-2.0
#include "harness/ab/build_id.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gelf.h>

#include <memory>
#include <string_view>

#include "core/error.h"
#include "core/owned_fd.h"

namespace tare {
namespace {

// The id among the notes of one section; empty when it is not there.
std::string id_among(Elf_Data* notes) {
    GElf_Nhdr header;
    std::size_t name_at = 0;
    std::size_t text_at = 0;
    for (std::size_t next = 0; (next = gelf_getnote(notes, next, &header, &name_at, &text_at)) > 0;) {
        const auto* const bytes = static_cast<const unsigned char*>(notes->d_buf);
        const std::string_view name(reinterpret_cast<const char*>(bytes + name_at), header.n_namesz);
        if (header.n_type != NT_GNU_BUILD_ID || !name.starts_with("GNU")) continue;
        std::string digits;
        for (std::size_t index = 0; index < header.n_descsz; ++index) digits += fmt::format("{:02x}", bytes[text_at + index]);
        return digits;
    }
    return "";
}

}  // namespace

Measured<std::string> build_id_of(const std::string& path) {
    const OwnedFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return Absent{error_text(errno)};
    elf_version(EV_CURRENT);
    const std::unique_ptr<Elf, decltype(&elf_end)> elf(elf_begin(file.get(), ELF_C_READ_MMAP, nullptr), &elf_end);
    if (!elf || elf_kind(elf.get()) != ELF_K_ELF) return Absent{"no ELF file"};
    for (Elf_Scn* section = elf_nextscn(elf.get(), nullptr); section != nullptr; section = elf_nextscn(elf.get(), section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type != SHT_NOTE) continue;
        std::string id = id_among(elf_getdata(section, nullptr));
        if (!id.empty()) return id;
    }
    return Absent{"it was linked without one"};
}

}  // namespace tare
