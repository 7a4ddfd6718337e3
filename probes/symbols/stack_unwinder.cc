// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/stack_unwinder.h"

#include <elfutils/libdwfl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>

#include "core/error.h"
#include "core/program_files.h"
#include "probes/symbols/elf_file.h"

namespace tare {
namespace {

constexpr std::size_t frames_max = 512;  // a stack that is damaged may lead in a circle
constexpr pid_t only_thread = 1;         // of each snapshot; libdwfl wants a number

constexpr std::uint64_t frameless_max_bytes = 4096;  // of a function up to where it is; a longer one has a frame

// Whether the file says how the frame at an address is unwound.
bool is_described(Dwfl_Module* module, std::uint64_t address) {
    for (const auto& table : {dwfl_module_eh_cfi, dwfl_module_dwarf_cfi}) {
        Dwarf_Addr bias = 0;
        Dwarf_CFI* const rules = table(module, &bias);
        Dwarf_Frame* frame = nullptr;
        if (rules == nullptr || dwarf_cfi_addrframe(rules, address - bias, &frame) != 0) continue;
        std::free(frame);
        return true;
    }
    return false;
}

// The file's bytes at a place in a mapping of it; empty where they cannot be read.
std::string code_of(const ProcessImage::Mapped& mapped, std::uint64_t place, std::uint64_t bytes) {
    std::ifstream file(mapped.file->path(), std::ios::binary);
    std::string code(bytes, '\0');
    file.seekg(static_cast<std::streamoff>(mapped.offset + place));
    return file.read(code.data(), static_cast<std::streamsize>(bytes)) ? code : "";
}

// Whether these instructions of x86-64 move the stack or frame pointer: mov %rsp,%rbp; lea N(%rsp),%rbp; sub N,%rsp; push.
bool makes_frame(std::string_view code) {
    using namespace std::string_view_literals;
    if (code.starts_with("\xf3\x0f\x1e\xfa"sv)) code.remove_prefix(4);  // endbr64
    for (const std::string_view instruction :
         {"\x48\x89\xe5"sv, "\x48\x8d\x6c\x24"sv, "\x48\x8d\xac\x24"sv, "\x48\x83\xec"sv, "\x48\x81\xec"sv})
        if (code.find(instruction) != std::string_view::npos) return true;
    return !code.empty() && code.front() >= '\x50' && code.front() <= '\x57';
}

// As dwfl_build_id_find_elf, which libdwfl does not need here: every file is open when it is reported.
int find_no_elf(Dwfl_Module*, void**, const char*, Dwarf_Addr, char**, Elf**) { return -1; }

// Address of the file's code in the process less its address in the file.
std::optional<std::uint64_t> bias_of(std::uint64_t begin, const ProcessImage::Mapped& mapped) {
    try {
        const auto address = ElfFile(mapped.file->path(), mapped.file->name()).code_address(mapped.offset);
        return address ? std::optional(begin - *address) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

}  // namespace

struct StackUnwinder::Walk {
    const whole_stack* snapshot = nullptr;
    std::vector<std::uint64_t> addresses;
    bool read_failed = false;
    bool left_the_copy = false;
};

struct StackUnwinder::Callbacks {
    static pid_t next_thread(Dwfl*, void* walk, void** thread) {
        if (*thread != nullptr) return 0;
        *thread = walk;
        return only_thread;
    }
    static bool get_thread(Dwfl*, pid_t, void* walk, void** thread) {
        *thread = walk;
        return true;
    }
    static bool memory_read(Dwfl*, Dwarf_Addr address, Dwarf_Word* word, void* data) {
        Walk& walk = *static_cast<Walk*>(data);
        const whole_stack& snapshot = *walk.snapshot;
        const std::uint64_t place = address - snapshot.head.stack_begin;
        if (place + sizeof(*word) > snapshot.head.stack_bytes || place >= snapshot.head.stack_bytes) {
            walk.read_failed = true;
            if (address >= snapshot.head.stack_begin) walk.left_the_copy = true;
            return false;
        }
        std::memcpy(word, reinterpret_cast<const char*>(&snapshot.words[0]) + place, sizeof(*word));
        return true;
    }
    static bool set_initial_registers(Dwfl_Thread* thread, void* data) {
        const whole_stack& snapshot = *static_cast<Walk*>(data)->snapshot;
        std::array<Dwarf_Word, register_count> registers{};
        std::copy(std::begin(snapshot.head.registers), std::end(snapshot.head.registers), registers.begin());
        return dwfl_thread_state_registers(thread, 0, registers.size(), registers.data());
    }
    static int frame(Dwfl_Frame* state, void* data) {
        Walk& walk = *static_cast<Walk*>(data);
        Dwarf_Addr address = 0;
        bool is_activation = false;
        if (!dwfl_frame_pc(state, &address, &is_activation)) return DWARF_CB_ABORT;
        // A return address may be the first of the next line or function; the call is before it.
        walk.addresses.push_back(walk.addresses.empty() || is_activation ? address : address - 1);
        return walk.addresses.size() < frames_max ? DWARF_CB_OK : DWARF_CB_ABORT;
    }

    // As libdwfl has it, and what was installed with this program.
    static char** debug_folders() {
        static std::string folders = ":.debug:/usr/lib/debug:" + debug_folder().string();
        static char* text = folders.data();
        return &text;
    }

    static const Dwfl_Callbacks& files() {
        static const Dwfl_Callbacks callbacks{find_no_elf, dwfl_build_id_find_debuginfo, nullptr, debug_folders()};
        return callbacks;
    }
    static constexpr Dwfl_Thread_Callbacks threads{next_thread, get_thread, memory_read, set_initial_registers, nullptr, nullptr};
};

void StackUnwinder::End::operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }

StackUnwinder::~StackUnwinder() = default;

StackUnwinder::StackUnwinder(const ProcessImage& image, KnownFrames& known)
    : image_(image), known_(known), dwfl_(dwfl_begin(&Callbacks::files())), walk_(std::make_unique<Walk>()) {
    std::map<std::string, bool> reported;
    dwfl_report_begin(dwfl_.get());
    for (const auto& [begin, mapped] : image.code()) {
        if (mapped.file == nullptr) continue;
        const auto bias = bias_of(begin, mapped);
        const std::string key = mapped.file->id() + " " + std::to_string(bias.value_or(0));
        if (!bias || !reported.emplace(key, true).second) continue;
        dwfl_report_elf(dwfl_.get(), mapped.file->name().c_str(), mapped.file->path().c_str(), -1, *bias, true);
    }
    dwfl_report_end(dwfl_.get(), nullptr, nullptr);
    // Without a single module there is no architecture to unwind for, and every stack is unknown.
    dwfl_attach_state(dwfl_.get(), nullptr, only_thread, &Callbacks::threads, walk_.get());
}

Chain StackUnwinder::unwind(const whole_stack& snapshot) {
    // libdwfl takes a function that is not described for one with a frame pointer, which one without a frame, or at its entry,
    // has left its caller's.
    const std::optional<whole_stack> caller = left_frameless(snapshot);
    *walk_ = Walk{caller ? &*caller : &snapshot, {}, false, false};
    if (caller) walk_->addresses.push_back(snapshot.head.registers[program_counter_register]);
    // A return address that cannot be read is to libdwfl like the end of the stack.
    const bool is_whole =
        dwfl_getthread_frames(dwfl_.get(), only_thread, Callbacks::frame, walk_.get()) == 0 && !walk_->read_failed;
    if (walk_->addresses.empty()) walk_->addresses.push_back(snapshot.head.registers[program_counter_register]);
    Chain chain;
    for (const std::uint64_t address : walk_->addresses) chain.places.push_back(&frames_at(address));
    if (!is_whole) chain.end = walk_->left_the_copy ? "[stack cut]" : "[unknown]";
    return chain;
}

std::optional<whole_stack> StackUnwinder::left_frameless(const whole_stack& snapshot) {
    const std::uint64_t address = snapshot.head.registers[program_counter_register];
    const auto [begin, mapped] = mapped_at(address);
    Dwfl_Module* const module = dwfl_addrmodule(dwfl_.get(), address);
    if (module == nullptr || mapped == nullptr || mapped->file == nullptr || is_described(module, address)) return std::nullopt;
    const std::uint64_t function = names_of(module).function_begin(address);
    if (function < begin || address - function > frameless_max_bytes) return std::nullopt;
    if (makes_frame(code_of(*mapped, function - begin, address - function))) return std::nullopt;
    whole_stack caller = snapshot;
    auto& stack_pointer = caller.head.registers[stack_pointer_register];
    if (stack_pointer < snapshot.head.stack_begin ||
        stack_pointer + sizeof(std::uint64_t) > snapshot.head.stack_begin + snapshot.head.stack_bytes)
        return std::nullopt;
    // The call itself, which is before the return address.
    caller.head.registers[program_counter_register] =
        snapshot.words[(stack_pointer - snapshot.head.stack_begin) / sizeof(std::uint64_t)] - 1;
    stack_pointer += sizeof(std::uint64_t);
    if (mapped_at(caller.head.registers[program_counter_register]).second == nullptr) return std::nullopt;
    return caller;
}

DebugNames& StackUnwinder::names_of(Dwfl_Module* module) { return names_.try_emplace(module, module).first->second; }

std::string StackUnwinder::module_at(std::uint64_t address) const {
    const ProcessImage::Mapped* const mapped = mapped_at(address).second;
    return mapped == nullptr || mapped->file == nullptr ? "" : mapped->file->name();
}

std::pair<std::uint64_t, const ProcessImage::Mapped*> StackUnwinder::mapped_at(std::uint64_t address) const {
    const auto after = image_.code().upper_bound(address);
    if (after == image_.code().begin()) return {0, nullptr};
    const auto& [begin, mapped] = *std::prev(after);
    if (address >= mapped.end) return {0, nullptr};
    return {begin, &mapped};
}

const PlaceFrames& StackUnwinder::frames_at(std::uint64_t address) {
    static const PlaceFrames unknown{Frame{"[unknown]"}};
    const auto [begin, mapped] = mapped_at(address);
    Dwfl_Module* const module = dwfl_addrmodule(dwfl_.get(), address);
    if (module == nullptr || mapped == nullptr || mapped->file == nullptr) return unknown;
    const auto [known, fresh] = known_.try_emplace({mapped->file->id(), address - begin + mapped->offset});
    if (!fresh) return known->second;
    known->second = names_of(module).frames_at(address);
    for (Frame& frame : known->second) {
        frame.module = mapped->file->name();
        frame.is_program = mapped->file->is_program();
    }
    return known->second;
}

}  // namespace tare
