// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/process_tree.h"

#include <bpf/bpf.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/check.h"
#include "core/owned_fd.h"
#include "probes/attach/bpf_object.h"
#include "probes/attach/uprobes.h"
#include "probes/bpf/shared/process_tree.h"
#include "process_tree.skel.h"

namespace tare {
namespace {

constexpr std::uint32_t processes_max = 16384;  // at one time
constexpr std::uint32_t notes_max = 4096;       // between two calls of take_new_code()

std::uint64_t read(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

std::set<std::uint32_t> keys_of(int map) {
    std::set<std::uint32_t> keys;
    std::uint32_t key = 0;
    for (const std::uint32_t* known = nullptr; bpf_map_get_next_key(map, known, &key) == 0; known = &key) keys.insert(key);
    return keys;
}

// Runs the program once for every task.
void run_iterator(const bpf_program* program) {
    const std::unique_ptr<bpf_link, int (*)(bpf_link*)> link(bpf_program__attach_iter(program, nullptr), bpf_link__destroy);
    if (!link) throw_bpf_refused("look at the processes that run", errno);
    const OwnedFd pass{bpf_iter_create(bpf_link__fd(link.get()))};
    if (!pass) throw_bpf_refused("look at the processes that run", errno);
    std::array<char, 64> nothing{};
    ssize_t got = 0;
    do got = ::read(pass.get(), nothing.data(), nothing.size());
    while (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)));
    if (got < 0) throw_bpf_refused("look at the processes that run", errno);
}

}  // namespace

struct ProcessTree::Programs {
    Programs(pid_t root, std::span<const pid_t> roots, Keeps keeps) : object(Target(root)) {
        const bool runs = !roots.empty();
        object->rodata->target_is_tree = true;
        object->rodata->counting_tgid = static_cast<std::uint32_t>(::getpid());
        object->rodata->root_count = static_cast<std::uint32_t>(roots.size());
        for (std::size_t place = 0; place < roots.size(); ++place)
            object->rodata->roots[place] = static_cast<std::uint32_t>(roots[place]);
        bpf_map__set_autocreate(object->maps.targets, true);
        bpf_map__set_max_entries(object->maps.targets, processes_max);
        bpf_map__set_autocreate(object->maps.code_notes, runs);
        bpf_map__set_max_entries(object->maps.code_notes, notes_max);
        object->rodata->keeps_time = keeps == Keeps::time;
        bpf_map__set_max_entries(object->maps.ended, keeps == Keeps::time ? processes_max : 1);
        bpf_program__set_autoload(object->progs.on_process_free, keeps == Keeps::time);
        bpf_program__set_autoload(object->progs.on_mapped, keeps == Keeps::code);
        bpf_program__set_autoload(object->progs.find_running, runs);
        bpf_program__set_autoattach(object->progs.find_running, false);
        object.load();
        object.attach();
    }
    BpfObject<process_tree_bpf> object;
};

ProcessTree::ProcessTree(pid_t root) : programs_(std::make_unique<Programs>(root, std::span<const pid_t>{}, Keeps::code)) {}

ProcessTree::ProcessTree(std::span<const pid_t> roots, Keeps keeps) {
    check(!roots.empty() && roots.size() <= running_roots_max, "ProcessTree of no or too many roots");
    programs_ = std::make_unique<Programs>(roots.front(), roots, keeps);
    std::uint64_t before = 0;
    do {
        before = process_count();
        run_iterator(programs_->object->progs.find_running);
    } while (process_count() != before);
}

ProcessTree::~ProcessTree() = default;

int ProcessTree::targets() const { return bpf_map__fd(programs_->object->maps.targets); }

std::uint64_t ProcessTree::process_count() const { return read(programs_->object->bss->process_count); }

std::uint64_t ProcessTree::live_count() const { return process_ids().size(); }

std::set<std::uint32_t> ProcessTree::process_ids() const { return keys_of(targets()); }

std::set<std::uint32_t> ProcessTree::ended_ids() const {
    const int map = bpf_map__fd(programs_->object->maps.ended);
    std::set<std::uint32_t> ids = keys_of(map);
    std::erase_if(ids, [map](std::uint32_t id) {
        std::uint8_t place = 0;
        return bpf_map_lookup_elem(map, &id, &place) != 0 || place == tree_gone;
    });
    return ids;
}

std::uint64_t ProcessTree::gone_ns() const { return read(programs_->object->bss->gone_ns); }

std::uint64_t ProcessTree::gone_count() const { return read(programs_->object->bss->gone_count); }

bool ProcessTree::is_adding_times() const { return read(programs_->object->bss->gone_begun) != gone_count(); }

void ProcessTree::terminate() const {
    if (own_pid_namespace().inode != 0) return;
    for (const std::uint32_t tgid : process_ids()) ::kill(static_cast<pid_t>(tgid), SIGTERM);
}

std::string ProcessTree::unseen_code() const {
    if (read(programs_->object->bss->shared_memory_count) > 0)
        return "a child runs in the memory of its parent beside it (clone with CLONE_VM alone): a file that the one maps is not "
               "seen to be run by the other; start it by fork, vfork or as a thread";
    if (read(programs_->object->bss->untraced_count) > 0)
        return "a child or thread was made that nobody may trace (clone with CLONE_UNTRACED): what it runs cannot be looked at "
               "before it runs; start it without that flag";
    if (read(programs_->object->bss->image_copy_count) > 0)
        return "a library was copied into memory without a file and is run there (by a loader of its own, or a packed program): "
               "calls of its functions are not seen; load it by dlopen, or unpack it";
    return "";
}

Measured<std::uint64_t> ProcessTree::losses() const { return programs_->object.lost_events(); }

bool ProcessTree::root_was_replaced() const {
    if (read(programs_->object->bss->root_replaced) > 0) return true;
    return read(programs_->object->bss->root_thread_ended) > 0 && !uprobes_outlive_first_thread();
}

void ProcessTree::make_lone_root() {
    std::uint32_t tgid = 0;
    // BPF_EXIST: a process that has ended meanwhile stays gone.
    const std::uint8_t place = tree_root;
    if (bpf_map_get_next_key(targets(), nullptr, &tgid) == 0) bpf_map_update_elem(targets(), &tgid, &place, BPF_EXIST);
}

std::vector<NewCode> ProcessTree::take_new_code() {
    const int notes = bpf_map__fd(programs_->object->maps.code_notes);
    std::vector<NewCode> taken;
    code_note note{};
    while (bpf_map_get_next_key(notes, nullptr, &note) == 0) {
        code_name name{};
        bpf_map_lookup_elem(notes, &note, &name);
        bpf_map_delete_elem(notes, &note);
        taken.push_back({static_cast<pid_t>(note.tgid), static_cast<NewCode::Kind>(note.kind), note.inode, name.text});
    }
    return taken;
}

}  // namespace tare
