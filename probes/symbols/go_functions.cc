// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/go_functions.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::size_t pointer_bytes = 8;

template <class Number>
std::optional<Number> number_at(std::string_view bytes, std::uint64_t place) {
    if (place > bytes.size() || sizeof(Number) > bytes.size() - place) return std::nullopt;
    Number number{};
    std::memcpy(&number, bytes.data() + place, sizeof(number));
    return number;
}

// The magic number of Go 1.18 or 1.20, two zeros, instructions of one byte, words of eight.
bool begins_table(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.starts_with("\xF0\xFF\xFF\xFF\0\0\1\x08"sv) || bytes.starts_with("\xF1\xFF\xFF\xFF\0\0\1\x08"sv);
}

// The system's linker keeps no section for it in a position-independent program.
std::optional<ElfFile::Section> table_of(const ElfFile& elf) {
    for (const char* const name : {".gopclntab", ".data.rel.ro.gopclntab"}) {
        if (const auto table = elf.section(name)) return table;
    }
    const auto data = elf.section(".data.rel.ro");
    for (std::size_t place = 0; data && place < data->bytes.size(); place += pointer_bytes) {
        if (begins_table(data->bytes.substr(place))) return ElfFile::Section{data->address + place, data->bytes.substr(place)};
    }
    return std::nullopt;
}

// The table since Go 1.18 (cmd/link/internal/ld/pcln.go): a header of 8 bytes and eight words, then for each function where it
// begins, from the begin of all Go code, and where in the table its description is, which begins with the same and the place of
// its name.
class FunctionTable {
public:
    FunctionTable(const ElfFile& elf, const std::string& name) {
        const auto table = table_of(elf);
        if (!table || !begins_table(table->bytes))
            throw cannot_measure(name +
                                 " is a Go program without symbols, and its table of functions is not one of Go 1.18 to 1.25: " +
                                 "where its allocator is cannot be known; keep its symbols (no strip, no -s)");
        table_ = table->bytes;
        count_ = word(0);
        names_ = word(3);
        entries_ = word(7);
        text_ = word(2);
        if (text_ != 0) return;
        // The dynamic linker writes it, or (Go 1.26) nobody.
        const std::uint64_t place = table->address + pointer_bytes + 2 * pointer_bytes;
        const auto filled =
            elf.filled_words([&](std::uint64_t address, std::string_view, std::uint64_t) { return address == place; });
        if (const auto found = filled.find(place); found != filled.end()) text_ = found->second.value;
        if (const auto section = elf.section(".text"); text_ == 0 && section) text_ = section->address;
    }

    std::vector<ElfFunction> functions(const std::function<bool(std::string_view)>& wanted) const {
        std::vector<ElfFunction> found;
        for (std::uint64_t index = 0; index < count_; ++index) {
            const auto begin = number_at<std::uint32_t>(table_, entries_ + index * 8);
            const auto description = number_at<std::uint32_t>(table_, entries_ + index * 8 + 4);
            const auto next = number_at<std::uint32_t>(table_, entries_ + index * 8 + 8);
            if (!begin || !description || !next) break;
            const auto name = number_at<std::uint32_t>(table_, entries_ + *description + 4);
            if (!name || names_ + *name >= table_.size()) break;
            const std::string_view rest = table_.substr(names_ + *name);
            const std::string_view text = rest.substr(0, rest.find('\0'));
            if (wanted(text)) found.push_back({std::string(text), 0, false, text_ + *begin, *next - *begin});
        }
        return found;
    }

private:
    std::uint64_t word(std::size_t index) const {
        return number_at<std::uint64_t>(table_, 8 + index * pointer_bytes).value_or(0);
    }

    std::string_view table_;
    std::uint64_t count_ = 0;
    std::uint64_t text_ = 0;
    std::uint64_t names_ = 0;
    std::uint64_t entries_ = 0;
};

// What a Go function does before anything else: is there room on the stack? If not, the runtime makes some and begins the
// function anew, so a probe at its first instruction would count it twice. It may stand after the question.
struct Question {
    std::size_t bytes = 0;  // 0 where the function does not ask
    bool by_register = false;
};

Question question_of(std::string_view code) {
    const auto starts = [&](std::size_t place, std::string_view bytes) { return code.substr(place).starts_with(bytes); };
    std::size_t place = 0;
    Question question;
    if (starts(0, "\x4C\x8D\x64\x24")) place = 5;  // lea -n(%rsp),%r12: for a large frame
    if (starts(0, "\x4C\x8D\xA4\x24")) place = 8;
    if (starts(place, "\x49\x3B\x66\x10") || starts(place, "\x4D\x3B\x66\x10")) {  // cmp 16(%r14): the goroutine is in a register
        question.by_register = true;
        place += 4;
    } else if (starts(0, "\x64\x48\x8B\x0C\x25\xF8\xFF\xFF\xFF")) {
        place = 9;                                          // mov %fs:-8,%rcx
        if (starts(place, "\x48\x8D\x44\x24")) place += 5;  // lea -n(%rsp),%rax
        if (starts(place, "\x48\x8D\x84\x24")) place += 8;
        if (!starts(place, "\x48\x3B\x61\x10") && !starts(place, "\x48\x3B\x41\x10")) return {};
        place += 4;
    } else {
        return {};
    }
    if (starts(place, "\x76")) return {place + 2, question.by_register};  // jbe, near and far
    if (starts(place, "\x0F\x86")) return {place + 6, question.by_register};
    return {};
}

constexpr std::string_view allocator = "runtime.mallocgc";

}  // namespace

bool is_go(const ElfFile& elf) { return elf.section(".go.buildinfo") || elf.section(".gopclntab"); }

GoFunctions go_functions(const ElfFile& elf, const std::string& name, const std::function<bool(std::string_view)>& wanted) {
    const auto sought = [&](std::string_view function) { return function == allocator || wanted(function); };
    std::vector<ElfFunction> found = elf.functions(sought);
    if (function_named(found, allocator) == nullptr) found = FunctionTable(elf, name).functions(sought);
    const ElfFunction* const first = function_named(found, allocator);
    if (first == nullptr) throw cannot_measure(name + " is a Go program, and no table says where its runtime.mallocgc is");
    constexpr std::size_t longest_bytes = 32;
    const Question asked = question_of(elf.bytes_at(first->address, longest_bytes));
    if (asked.bytes == 0)
        throw cannot_measure(
            name + " is a Go program whose runtime.mallocgc begins in a way that is not known: where a probe of it may " +
            "stand cannot be told");
    GoFunctions functions{{}, !asked.by_register};
    for (const ElfFunction& function : found) {
        const auto offset = elf.file_offset(function.address);
        if (!wanted(function.name) || !offset) continue;
        const std::size_t question_bytes = question_of(elf.bytes_at(function.address, longest_bytes)).bytes;
        functions.functions.push_back({function.name, *offset + question_bytes, {*offset, *offset + function.size_bytes}});
    }
    return functions;
}

}  // namespace tare
