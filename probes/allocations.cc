// SPDX-License-Identifier: Apache-2.0
#include "probes/allocations.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "allocations.skel.h"
#include "core/error.h"
#include "probes/bpf_object.h"
#include "probes/elf_file.h"
#include "probes/function_probe.h"

namespace tare {
namespace {

// In the order of the enumeration in allocations.bpf.c.
constexpr std::array<const char*, 6> names{"malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign"};

// Names beside the family's own that tell which allocator a file has.
constexpr std::array<const char*, 4> marks{"__libc_malloc", "__libc_start_main", "__dls3", "default_malloc"};

bool at_one_address(const ElfFunction* left, const ElfFunction* right) {
    return left != nullptr && right != nullptr && left->offset == right->offset;
}

// Where the calls of one allocator arrive. Some C libraries implement one of the functions by calling another at its entry:
// such a call is counted there, once (tests/foreign/).
std::vector<FunctionEntry> entries_of(const std::vector<ElfFunction>& functions) {
    const auto named = [&](const char* name) { return function_named(functions, name); };
    const bool is_glibc = at_one_address(named("malloc"), named("__libc_malloc")) && named("__libc_start_main") != nullptr;
    // The loader that musl's shared library also is, or the malloc of its static one.
    const bool is_musl = named("__dls3") != nullptr || at_one_address(named("malloc"), named("default_malloc"));
    std::vector<FunctionEntry> entries;
    for (std::size_t index = 0; index < names.size(); ++index) {
        const std::string_view name = names[index];
        const ElfFunction* const function = named(names[index]);
        if (function == nullptr) continue;
        if (is_musl && (name == "calloc" || name == "posix_memalign" || name == "memalign")) continue;
        entries.push_back({index, function->offset, is_glibc && name == "realloc"});
    }
    return entries;
}

class Allocations : public FunctionProbe {
public:
    Allocations(const Target& target, UprobeWay way)
        : programs_(target), uprobes_(target, way, std::vector<std::string>(names.begin(), names.end())) {
        programs_->rodata->counts_sizes = target.tree != nullptr;
        uprobes_.prepare(programs_->progs.on_call);
        programs_.load();
    }

    bool cover(pid_t, const CodeFile& file, Reach reach) override {
        const ElfFile elf(file.path(), file.name());
        const auto functions = elf.functions([](std::string_view name) {
            return std::find(names.begin(), names.end(), name) != names.end() ||
                   std::find(marks.begin(), marks.end(), name) != marks.end();
        });
        if (function_named(functions, "malloc") == nullptr) {
            if (file.is_program() && !elf.names_interpreter() && !elf.has_symbol_table()) throw_stripped(file.name(), "malloc");
            return false;
        }
        uprobes_.cover(file, reach, entries_of(functions));
        return true;
    }

    Snapshot read() override {
        const auto name = [this](std::size_t index) { return uprobes_.name(index); };
        Snapshot snapshot;
        add_table(snapshot, "allocations", programs_->bss->calls, name);
        add_table(snapshot, "allocated_bytes", programs_->bss->requested_bytes, name);
        if (programs_->rodata->counts_sizes) add_sizes(snapshot, "allocation_sizes", programs_->bss->sizes);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<allocations_bpf> programs_;
    Uprobes uprobes_;
};

}  // namespace

std::unique_ptr<Probe> attach_allocations(const Target& target) { return attach_allocations(target, best_uprobe_way()); }

std::unique_ptr<Probe> attach_allocations(const Target& target, UprobeWay way) {
    auto probe = std::make_unique<Allocations>(target, way);
    if (target.tree == nullptr) cover_process(*probe, target.pid, "malloc");
    return probe;
}

}  // namespace tare
