// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/usdt_notes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/error.h"

namespace tare {
namespace {

// sys/sdt.h: notes of this owner and type, whose description is three addresses and three texts.
constexpr std::string_view owner = "stapsdt";
constexpr std::uint32_t usdt_type = 3;
constexpr std::size_t header_bytes = 12;
constexpr std::size_t address_bytes = 8;

struct Note {
    std::uint64_t place = 0;
    std::uint64_t base = 0;       // where the linker thought that .stapsdt.base is
    std::uint64_t semaphore = 0;  // 0: none
    std::string_view provider;
    std::string_view name;
};

template <class Number>
Number number_at(std::string_view bytes, std::size_t place) {
    Number number{};
    std::memcpy(&number, bytes.data() + place, sizeof(number));
    return number;
}

std::string_view text_at(std::string_view bytes, std::size_t place) {
    const std::string_view rest = bytes.substr(std::min(place, bytes.size()));
    return rest.substr(0, rest.find('\0'));
}

std::size_t padded(std::size_t size_bytes) { return (size_bytes + 3) & ~std::size_t{3}; }

std::optional<Note> parse_description(std::string_view description) {
    if (description.size() < 3 * address_bytes) return std::nullopt;
    Note note{number_at<std::uint64_t>(description, 0),
              number_at<std::uint64_t>(description, address_bytes),
              number_at<std::uint64_t>(description, 2 * address_bytes),
              text_at(description, 3 * address_bytes),
              {}};
    note.name = text_at(description, 3 * address_bytes + note.provider.size() + 1);
    return note;
}

std::vector<Note> notes_of(std::string_view section) {
    std::vector<Note> notes;
    while (section.size() >= header_bytes) {
        const auto owner_bytes = number_at<std::uint32_t>(section, 0);
        const auto description_bytes = number_at<std::uint32_t>(section, 4);
        const std::size_t description_at = header_bytes + padded(owner_bytes);
        const std::size_t end = description_at + padded(description_bytes);
        if (end > section.size()) break;
        const bool is_usdt = number_at<std::uint32_t>(section, 8) == usdt_type && text_at(section, header_bytes) == owner;
        if (const auto note = parse_description(section.substr(description_at, description_bytes)); is_usdt && note)
            notes.push_back(*note);
        section.remove_prefix(end);
    }
    return notes;
}

}  // namespace

std::vector<FunctionEntry> usdt_entries(const ElfFile& elf, std::string_view provider, std::string_view name) {
    std::vector<FunctionEntry> entries;
    const auto section = elf.section(".note.stapsdt");
    if (!section) return entries;
    const auto base = elf.section(".stapsdt.base");
    for (const Note& note : notes_of(section->bytes)) {
        if (note.provider != provider || note.name != name) continue;
        const std::uint64_t moved = base ? base->address - note.base : 0;  // by a prelinker, since the note was written
        const auto offset = elf.file_offset(note.place + moved);
        const auto semaphore = note.semaphore == 0 ? std::optional<std::uint64_t>(0) : elf.file_offset(note.semaphore + moved);
        if (!offset || !semaphore)
            throw cannot_measure(fmt::format("USDT probe {}:{}: its note names no place of the file", provider, name));
        entries.push_back({.offset = *offset, .semaphore_offset = *semaphore});
    }
    return entries;
}

}  // namespace tare
