// SPDX-License-Identifier: Apache-2.0
#include "probes/call_sites.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "call_sites.skel.h"
#include "core/error.h"
#include "probes/allocation_entries.h"
#include "probes/bpf_object.h"
#include "probes/copy_entries.h"
#include "probes/process_image.h"
#include "probes/stack_unwinder.h"
#include "probes/system_call_name.h"

namespace tare {
namespace {

// As in call_sites.bpf.c.
constexpr unsigned kind_shift = 16;
constexpr std::size_t ranges_max = 512;
struct SiteKey {
    std::uint64_t stack_hash;
    std::uint64_t start_of_stack;
    std::uint32_t tgid;
    std::uint32_t function;

    SiteKind kind() const { return static_cast<SiteKind>(function >> kind_shift); }
    std::size_t index() const { return function & ((1U << kind_shift) - 1); }
};
struct Site {
    std::uint64_t count;
    std::uint64_t size_bytes;
    std::uint64_t snapshot;
};

// What tells one program of a process from the next.
using ImageKey = std::pair<std::uint64_t, std::uint32_t>;

std::vector<std::string> probed_names() {
    std::vector<std::string> names(allocation_functions.begin(), allocation_functions.end());
    names.insert(names.end(), copy_functions.begin(), copy_functions.end() - 1);  // memset fills, it does not copy
    return names;
}

std::uint64_t load(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

}  // namespace

// Each has uprobes of its own: one file may define both families.
class CallSites::Family : public FunctionProbe {
public:
    Family(State& state, SiteKind kind, const Target& target, UprobeWay way)
        : state_(state), kind_(kind), uprobes_(target, way, probed_names()) {}
    void prepare(bpf_program* program) { uprobes_.prepare(program); }
    void detach() { uprobes_.detach(); }
    std::string name(std::size_t index) const { return uprobes_.name(first() + index); }
    bool cover(pid_t pid, const CodeFile& file, Reach reach) override;
    Snapshot read() override { return {}; }  // CallSites::read() has it

private:
    // Where its functions begin among the probed ones.
    std::size_t first() const { return kind_ == SiteKind::copy ? allocation_functions.size() : 0; }

    State& state_;
    SiteKind kind_;
    Uprobes uprobes_;
};

struct CallSites::State {
    State(const Target& target, std::uint32_t stacks_max, UprobeWay way)
        : programs(target), allocations(*this, SiteKind::allocation, target, way), copies(*this, SiteKind::copy, target, way) {
        bpf_map__set_max_entries(programs->maps.sites, stacks_max);
        bpf_map__set_max_entries(programs->maps.snapshots, stacks_max);
        require_helper("loop", "5.17");
        bpf_program__set_autoattach(programs->progs.on_call, false);
        allocations.prepare(programs->progs.on_call);
        copies.prepare(programs->progs.on_call);
        programs.load();
    }

    void look(pid_t process);
    void publish_ranges();
    const ProcessImage* image_of(const SiteKey& key) const;
    CallSite unwound(const SiteKey& key, const Site& site, std::map<const ProcessImage*, StackUnwinder>& unwinders);
    std::vector<CallSite> all_sites();

    BpfObject<call_sites_bpf> programs;
    Family allocations;
    Family copies;
    std::array<std::optional<std::string>, site_kinds.size()> faults;
    CodeFiles files;
    std::map<ImageKey, ProcessImage> images;
    KnownFrames known_frames;
};

bool CallSites::Family::cover(pid_t pid, const CodeFile& file, Reach reach) {
    state_.look(pid);
    std::vector<FunctionEntry> entries = kind_ == SiteKind::copy ? copy_entries(pid, file) : allocation_entries(file);
    for (FunctionEntry& entry : entries) entry.function += first();
    std::erase_if(entries, [](const FunctionEntry& entry) { return entry.function >= probed_names().size(); });
    if (entries.empty()) return false;
    uprobes_.cover(file, reach, entries);
    return true;
}

void CallSites::State::look(pid_t process) {
    const std::uint64_t start = start_of_stack(process);
    if (start == 0) return;
    images[{start, static_cast<std::uint32_t>(process)}].look(process, files);
    publish_ranges();
}

// The union over all processes. What is missing of it can only make two stacks one, so it is there before code can run.
void CallSites::State::publish_ranges() {
    std::map<std::uint64_t, std::uint64_t> ranges;
    for (const auto& [key, image] : images) {
        for (const auto& [begin, mapped] : image.code()) {
            std::uint64_t& end = ranges[begin];
            end = std::max(end, mapped.end);
        }
    }
    auto& bss = *programs->bss;
    const std::uint64_t next = 1 - load(bss.table_in_use);
    __u64* const begins = bss.range_begin + next * ranges_max;
    __u64* const ends = bss.range_end + next * ranges_max;
    std::size_t count = 0;
    for (const auto& [begin, end] : ranges) {
        const bool joins = count > 0 && begin <= ends[count - 1];
        if (!joins && count == ranges_max) {
            faults.fill(fmt::format("code is mapped at more than {} places", ranges_max));
            break;
        }
        if (!joins) begins[count++] = begin;
        ends[count - 1] = joins ? std::max<std::uint64_t>(ends[count - 1], end) : end;
    }
    bss.range_count[next] = count;
    __atomic_store_n(&bss.table_in_use, next, __ATOMIC_RELEASE);
}

// A process in a namespace below this one's has no number here; its stack tells it all the same.
const ProcessImage* CallSites::State::image_of(const SiteKey& key) const {
    const auto exact = images.find({key.start_of_stack, key.tgid});
    if (exact != images.end()) return &exact->second;
    const auto near = images.lower_bound({key.start_of_stack, 0});
    return near != images.end() && near->first.first == key.start_of_stack ? &near->second : nullptr;
}

CallSite CallSites::State::unwound(const SiteKey& key, const Site& site,
                                   std::map<const ProcessImage*, StackUnwinder>& unwinders) {
    const bool is_call = key.kind() == SiteKind::system_call;
    CallSite call{key.kind(), is_call ? system_call_name(key.index()) : "", "", site.count, site.size_bytes, {}, {}};
    if (!is_call) call.function = (key.kind() == SiteKind::copy ? copies : allocations).name(key.index());
    StackSnapshot snapshot{};
    const auto place = static_cast<std::uint32_t>(site.snapshot);
    const ProcessImage* const image = image_of(key);
    if (image == nullptr || bpf_map_lookup_elem(bpf_map__fd(programs->maps.snapshots), &place, &snapshot) != 0) {
        call.frames.push_back({"[unknown]"});
        return call;
    }
    StackUnwinder& unwinder = unwinders.try_emplace(image, *image, known_frames).first->second;
    call.frames = unwinder.unwind(snapshot);
    if (is_call) return call;
    call.module = unwinder.module_at(snapshot.registers.back());
    // The first frame is the function's own entry, whatever symbol of it libdwfl prefers.
    call.frames.erase(call.frames.begin());
    return call;
}

// Of one chain there may be several stacks, which differ by stale words; and of one in several processes.
std::vector<CallSite> CallSites::State::all_sites() {
    std::map<const ProcessImage*, StackUnwinder> unwinders;
    std::map<std::tuple<SiteKind, std::string, std::vector<Frame>>, CallSite> chains;
    const int map = bpf_map__fd(programs->maps.sites);
    SiteKey key{};
    for (const SiteKey* before = nullptr; bpf_map_get_next_key(map, before, &key) == 0; before = &key) {
        Site site{};
        if (bpf_map_lookup_elem(map, &key, &site) != 0) continue;
        CallSite call = unwound(key, site, unwinders);
        const auto [known, fresh] = chains.try_emplace({call.kind, call.function, call.frames}, call);
        if (fresh) continue;
        known->second.count += call.count;
        known->second.size_bytes += call.size_bytes;
    }
    std::vector<CallSite> sites;
    sites.reserve(chains.size());
    for (auto& [chain, call] : chains) sites.push_back(std::move(call));
    std::stable_sort(sites.begin(), sites.end(), [](const auto& left, const auto& right) { return left.count > right.count; });
    return sites;
}

CallSites::CallSites(const Target& target, std::uint32_t stacks_max, UprobeWay way)
    : state_(std::make_unique<State>(target, stacks_max, way)) {
    if (target.tree == nullptr) {
        state_->look(target.pid);
        const auto attach = [&](FunctionProbe& family, const char* function, SiteKind kind) {
            try {
                cover_process(family, target.pid, function);
            } catch (const Error& error) {
                if (error.code() != ExitCode::cannot_measure) throw;
                state_->faults[static_cast<std::size_t>(kind)] = error.what();
            }
        };
        attach(state_->allocations, "malloc", SiteKind::allocation);
        attach(state_->copies, "memcpy", SiteKind::copy);
    }
    state_->programs.attach();
}

CallSites::~CallSites() = default;

FunctionProbe& CallSites::allocations() { return state_->allocations; }
FunctionProbe& CallSites::copies() { return state_->copies; }

SiteCounts CallSites::read(const PassingFunctions& passing) {
    // In this order: taking away the uprobes waits until no program is under way, on behalf of all.
    state_->programs.detach();
    state_->allocations.detach();
    state_->copies.detach();
    SiteCounts counts;
    counts.sites = state_->all_sites();
    for (CallSite& site : counts.sites) site.site = site_of(site, passing);
    const Reading lost = state_->programs.lost_events();
    for (std::size_t kind = 0; kind < site_kinds.size(); ++kind) {
        const std::uint64_t total = load(state_->programs->bss->calls[kind]);
        std::uint64_t sum = 0;
        for (const CallSite& site : counts.sites) sum += site.kind == static_cast<SiteKind>(kind) ? site.count : 0;
        counts.totals[kind] = total;
        if (sum != total) counts.totals[kind] = Absent{fmt::format("the sites add up to {} of {} calls", sum, total)};
        if (const std::uint64_t crowded_out = load(state_->programs->bss->crowded_out[kind]); crowded_out > 0)
            counts.totals[kind] = Absent{fmt::format("the calls come from more than {} different stacks: {} found no room",
                                                     bpf_map__max_entries(state_->programs->maps.sites), crowded_out)};
        if (lost.present() && lost.value() > 0) counts.totals[kind] = Absent{fmt::format("{} events were lost", lost.value())};
        if (!lost.present()) counts.totals[kind] = lost;
        if (state_->faults[kind]) counts.totals[kind] = Absent{*state_->faults[kind]};
    }
    std::erase_if(counts.sites,
                  [&](const CallSite& site) { return !counts.totals[static_cast<std::size_t>(site.kind)].present(); });
    return counts;
}

}  // namespace tare
