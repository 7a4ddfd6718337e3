// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/call_sites.h"

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "call_sites.skel.h"
#include "core/error.h"
#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/call_sites.h"
#include "probes/bpf/shared/function_cookie.h"
#include "probes/counters/system_call_name.h"
#include "probes/symbols/allocation_entries.h"
#include "probes/symbols/copy_entries.h"
#include "probes/symbols/process_image.h"
#include "probes/symbols/stack_unwinder.h"

namespace tare {
namespace {

constexpr std::uint64_t joined_gap_bytes = 4096;  // the least, where there are too many ranges
constexpr std::uint32_t near_per_whole = 4;       // stacks told apart by their inner end, whose copies are so much smaller
constexpr std::uint32_t race_slack = 1024;        // keys that two cores made at once

bool is_near(const site_key& key) { return key.function >> extent_shift == extent_near; }
SiteKind kind_of(const site_key& key) {
    constexpr unsigned kind_bits = unsigned{extent_shift} - unsigned{kind_shift};
    return static_cast<SiteKind>((key.function >> kind_shift) & ((1U << kind_bits) - 1));
}
std::size_t index_of(const site_key& key) { return key.function & ((1U << kind_shift) - 1); }

// What tells one program of a process from the next.
using ImageKey = std::pair<std::uint64_t, std::uint32_t>;

std::vector<std::string> probed_names(SiteKind kind, const std::vector<UserCounter>& counters) {
    if (kind == SiteKind::allocation) return {allocation_functions.begin(), allocation_functions.end()};
    if (kind == SiteKind::copy) return {copy_functions.begin(), copy_functions.begin() + copying_function_count};
    std::vector<std::string> names;
    for (const UserCounter& counter : counters) {
        const std::vector<std::string> parts = parts_of(counter);
        names.insert(names.end(), parts.begin(), parts.end());
    }
    constexpr std::size_t names_max = std::size_t{1} << function_bits;
    if (names.size() > names_max)
        throw cannot_measure(fmt::format("{} functions; by call site at most {}", names.size(), names_max));
    return names;
}

// Of all counters: each under its place among all their parts. Two that count one function share its probe, the first's.
FileEntries counter_entries(const std::vector<UserCounter>& counters, pid_t pid, const CodeFile& file) {
    FileEntries found;
    std::size_t first = 0;
    for (const UserCounter& counter : counters) {
        for (FunctionEntry entry : entries_of(counter, pid, file).entries) {
            entry.function += first;
            found.entries.push_back(entry);
        }
        first += parts_of(counter).size();
    }
    return found;
}

// Of one chain there may be several stacks, which differ by stale words; and of one in several processes.
using ChainKey = std::tuple<SiteKind, std::size_t, Chain>;
struct Sums {
    std::string module;  // that defines the called function
    std::uint64_t count = 0;
    std::uint64_t size_bytes = 0;
};
using Chains = std::map<ChainKey, Sums>;

// Sorted ranges, those as one that are no further apart than `gap`.
std::vector<std::pair<std::uint64_t, std::uint64_t>> joined(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& ranges,
                                                            std::uint64_t gap) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> wider;
    for (const auto& [begin, end] : ranges) {
        if (!wider.empty() && begin <= wider.back().second + gap)
            wider.back().second = std::max(wider.back().second, end);
        else
            wider.emplace_back(begin, end);
    }
    return wider;
}

std::uint64_t load(const __u64& counter) { return __atomic_load_n(&counter, __ATOMIC_RELAXED); }

}  // namespace

// Each has uprobes of its own: one file may define both families.
class CallSites::Family : public FunctionProbe {
public:
    Family(State& state, SiteKind kind, const Target& target, UprobeWay way, const std::vector<UserCounter>& counters = {})
        : state_(state), kind_(kind), names_(probed_names(kind, counters)), uprobes_(target, way, names_) {}
    void prepare(bpf_program* program) { uprobes_.prepare(program); }
    void share(CallerTables& tables) { uprobes_.share(tables); }
    void detach() { uprobes_.detach(); }
    std::string name(std::size_t index) const { return uprobes_.name(index); }
    bool cover(pid_t pid, const CodeFile& file, Reach reach) override;
    Snapshot read() override { return {}; }  // CallSites::read() has it

private:
    State& state_;
    SiteKind kind_;
    std::vector<std::string> names_;
    Uprobes uprobes_;
};

struct CallSites::State {
    State(const Target& target, std::uint32_t stacks_max, UprobeWay way, std::vector<UserCounter> user_counters)
        : counters(std::move(user_counters)),
          programs(target),
          allocations(*this, SiteKind::allocation, target, way),
          copies(*this, SiteKind::copy, target, way),
          functions(*this, SiteKind::function, target, way, counters) {
        require_helper("loop", "5.17");
        std::array<std::uint32_t, extent_count> extents{};
        extents[extent_whole] = stacks_max;
        extents[extent_near] = stacks_max * near_per_whole;
        const auto kinds = static_cast<std::uint32_t>(kind_count());
        bpf_map__set_max_entries(programs->maps.sites, kinds * (extents[extent_whole] + extents[extent_near]) + race_slack);
        bpf_map__set_max_entries(programs->maps.whole_snapshots, kinds * extents[extent_whole]);
        bpf_map__set_max_entries(programs->maps.near_snapshots, kinds * extents[extent_near]);
        std::copy(extents.begin(), extents.end(), programs->rodata->stacks_max);
        bpf_program__set_autoattach(programs->progs.on_allocation, false);
        bpf_program__set_autoattach(programs->progs.on_copy, false);
        bpf_program__set_autoattach(programs->progs.on_function, false);
        bpf_program__set_autoload(programs->progs.on_function, !counters.empty());
        allocations.prepare(programs->progs.on_allocation);
        copies.prepare(programs->progs.on_copy);
        functions.prepare(programs->progs.on_function);
        programs.load();
        callers = {programs->bss->caller_begin, programs->bss->caller_end, &programs->bss->remembers_calls};
        allocations.share(callers);
        copies.share(callers);
        functions.share(callers);
    }

    std::size_t kind_count() const { return counters.empty() ? kind_function : site_kind_count; }
    // A USDT probe stands in the code that passes it, a function's at the begin of what is called.
    bool stands_in_caller(const site_key& key) const {
        if (kind_of(key) == SiteKind::system_call) return true;
        if (kind_of(key) != SiteKind::function) return false;
        std::size_t end = 0;
        for (const UserCounter& counter : counters) {
            end += parts_of(counter).size();
            if (index_of(key) < end) return !counter.usdt.empty();
        }
        return false;
    }

    void look(pid_t process);
    void publish_ranges();
    const ProcessImage* image_of(const site_key& key, const site_value& site) const;
    std::string function_name(SiteKind kind, std::size_t index) const;
    void add_unwound(Chains& chains, const site_key& key, const site_value& site);
    std::vector<CallSite> all_sites();

    std::vector<UserCounter> counters;
    BpfObject<call_sites_bpf> programs;
    CallerTables callers;
    Family allocations;
    Family copies;
    Family functions;
    std::array<std::optional<std::string>, site_kinds.size()> faults;
    CodeFiles files;
    std::map<ImageKey, ProcessImage> images;
    KnownFrames known_frames;
    std::map<const ProcessImage*, StackUnwinder> unwinders;
};

bool CallSites::Family::cover(pid_t pid, const CodeFile& file, Reach reach) {
    state_.look(pid);
    FileEntries functions = kind_ == SiteKind::function ? counter_entries(state_.counters, pid, file)
                            : kind_ == SiteKind::copy   ? copy_entries(pid, file)
                                                        : allocation_entries(file);
    // What fills does not copy.
    std::erase_if(functions.entries, [&](const FunctionEntry& entry) { return entry.function >= names_.size(); });
    if (functions.entries.empty()) return false;
    uprobes_.cover(file, reach, functions);
    return true;
}

void CallSites::State::look(pid_t process) {
    const std::uint64_t start = start_of_stack(process);
    if (start == 0) return;
    if (images[{start, static_cast<std::uint32_t>(process)}].look(process, files)) publish_ranges();
}

// The union over all processes. What is missing of it can only make two stacks one, so it is there before code can run; what is
// too much can only make two of one, so where there are too many the nearest are joined.
void CallSites::State::publish_ranges() {
    std::map<std::uint64_t, std::uint64_t> ends;
    for (const auto& [key, image] : images) {
        for (const auto& [begin, mapped] : image.code()) {
            std::uint64_t& end = ends[begin];
            end = std::max(end, mapped.end);
        }
    }
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges(ends.begin(), ends.end());
    for (std::uint64_t gap = 0; gap == 0 || ranges.size() > ranges_max; gap = gap == 0 ? joined_gap_bytes : 2 * gap)
        ranges = joined(ranges, gap);
    auto& bss = *programs->bss;
    const std::uint64_t next = 1 - load(bss.table_in_use);
    for (std::size_t index = 0; index < ranges.size(); ++index)
        std::tie(bss.range_begin[next * ranges_max + index], bss.range_end[next * ranges_max + index]) = ranges[index];
    bss.range_count[next] = ranges.size();
    __atomic_store_n(&bss.table_in_use, next, __ATOMIC_RELEASE);
}

// A process in a namespace below this one's has no number here; its stack tells it all the same.
const ProcessImage* CallSites::State::image_of(const site_key& key, const site_value& site) const {
    const auto exact = images.find({key.start_of_stack, site.tgid});
    if (exact != images.end()) return &exact->second;
    const auto near = images.lower_bound({key.start_of_stack, 0});
    return near != images.end() && near->first.first == key.start_of_stack ? &near->second : nullptr;
}

std::string CallSites::State::function_name(SiteKind kind, std::size_t index) const {
    if (kind == SiteKind::system_call) return system_call_name(static_cast<std::int64_t>(index));
    if (kind == SiteKind::function) return functions.name(index);
    return (kind == SiteKind::copy ? copies : allocations).name(index);
}

void CallSites::State::add_unwound(Chains& chains, const site_key& key, const site_value& site) {
    const ProcessImage* const image = image_of(key, site);
    const int snapshots = bpf_map__fd(is_near(key) ? programs->maps.near_snapshots : programs->maps.whole_snapshots);
    whole_stack snapshot{};
    Chain chain;
    std::string module;
    if (image != nullptr && site.snapshot != no_snapshot && bpf_map_lookup_elem(snapshots, &site.snapshot, &snapshot) == 0) {
        StackUnwinder& unwinder = unwinders.try_emplace(image, *image, known_frames).first->second;
        chain = unwinder.unwind(snapshot);
        module = unwinder.module_at(snapshot.head.registers[program_counter_register]);
        // The first place is the called function's own entry, whatever is inlined there.
        if (!stands_in_caller(key)) chain.places.erase(chain.places.begin());
    } else {
        chain.end = "[unknown]";
    }
    Sums& sums = chains[{kind_of(key), index_of(key), std::move(chain)}];
    sums.module = module;
    sums.count += site.count;
    sums.size_bytes += site.size_bytes;
}

std::vector<CallSite> CallSites::State::all_sites() {
    Chains chains;
    const int map = bpf_map__fd(programs->maps.sites);
    site_key key{};
    for (const site_key* before = nullptr; bpf_map_get_next_key(map, before, &key) == 0; before = &key) {
        site_value site{};
        if (bpf_map_lookup_elem(map, &key, &site) == 0 && site.count > 0) add_unwound(chains, key, site);
    }
    std::vector<CallSite> sites;
    sites.reserve(chains.size());
    for (const auto& [chain_key, sums] : chains) {
        const auto& [kind, index, chain] = chain_key;
        CallSite call{kind, function_name(kind, index), "", sums.count, sums.size_bytes, {}, {}};
        if (kind != SiteKind::system_call) call.module = sums.module;
        for (const PlaceFrames* const place : chain.places) call.frames.insert(call.frames.end(), place->begin(), place->end());
        if (!chain.end.empty()) call.frames.push_back({chain.end});
        sites.push_back(std::move(call));
    }
    std::stable_sort(sites.begin(), sites.end(), [](const auto& left, const auto& right) { return left.count > right.count; });
    return sites;
}

CallSites::CallSites(const Target& target, std::uint32_t stacks_max, UprobeWay way, std::vector<UserCounter> counters)
    : state_(std::make_unique<State>(target, stacks_max, way, std::move(counters))) {
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
        if (!state_->counters.empty()) attach(state_->functions, "one of the counters' functions", SiteKind::function);
    }
    state_->programs.attach();
}

CallSites::~CallSites() = default;

FunctionProbe& CallSites::allocations() { return state_->allocations; }
FunctionProbe& CallSites::copies() { return state_->copies; }
FunctionProbe& CallSites::functions() { return state_->functions; }

void CallSites::begin() { __atomic_store_n(&state_->programs->bss->counts_now, 1, __ATOMIC_RELEASE); }

SiteCounts CallSites::read(const SiteRule& rule) {
    // In this order: taking away the uprobes waits until no program is under way, on behalf of all.
    state_->programs.detach();
    state_->allocations.detach();
    state_->copies.detach();
    state_->functions.detach();
    SiteCounts counts;
    for (const UserCounter& counter : state_->counters) counts.counters.push_back(counter.name);
    counts.sites = state_->all_sites();
    for (CallSite& site : counts.sites) site.site = site_of(site, rule);
    const Measured<std::uint64_t> lost = state_->programs.lost_events();
    for (std::size_t kind = 0; kind < counts.kind_count(); ++kind) {
        const std::uint64_t total = load(state_->programs->bss->calls[kind]);
        counts.unplaced[kind] = load(state_->programs->bss->crowded_out[kind]);
        std::uint64_t sum = counts.unplaced[kind];
        for (const CallSite& site : counts.sites) sum += site.kind == static_cast<SiteKind>(kind) ? site.count : 0;
        counts.totals[kind] = total;
        if (sum != total) counts.totals[kind] = Absent{fmt::format("the sites add up to {} of {} calls", sum, total)};
        if (lost.present() && lost.value() > 0) counts.totals[kind] = Absent{fmt::format("{} events were lost", lost.value())};
        if (!lost.present()) counts.totals[kind] = lost;
        if (state_->faults[kind]) counts.totals[kind] = Absent{*state_->faults[kind]};
    }
    std::erase_if(counts.sites,
                  [&](const CallSite& site) { return !counts.totals[static_cast<std::size_t>(site.kind)].present(); });
    return counts;
}

}  // namespace tare
