// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/preload_memory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <functional>
#include <span>

#include "core/error.h"
#include "core/program_files.h"
#include "probes/attach/bpf_object.h"
#include "probes/counters/function_probe.h"
#include "probes/symbols/allocation_entries.h"
#include "probes/symbols/copy_entries.h"

namespace tare {
namespace {

constexpr const char* cut_short = "somebody cut the file short that they were counted in";

using Name = std::function<std::string(std::size_t)>;

// `first_second` where two functions of a family stand at one address, as Uprobes::name() has it.
template <class Names>
std::string name_of(const Names& names, std::span<const unsigned long long> aliases, std::size_t function) {
    std::string name = names[function];
    for (std::size_t alias = 0; alias < names.size(); ++alias) {
        if ((aliases[function] >> alias & 1) != 0) name += std::string("_") + names[alias];
    }
    return name;
}

// Of realloc's calls those that moved the block are a part of their own.
void set_moved(Snapshot& snapshot, const char* metric, std::uint64_t moved) {
    const Quantity resized{metric, allocation_functions[fn_realloc]};
    const Measured<std::uint64_t> all = snapshot.reading(resized);
    if (moved == 0 || !all.present()) return;
    if (all.value() > moved)
        snapshot.set(resized, all.value() - moved);
    else
        snapshot.erase(resized);
    snapshot.set({metric, "realloc_moved"}, moved);
}

Snapshot allocations_of(const preload_allocations& counted) {
    const Name name = [&](std::size_t function) { return name_of(allocation_functions, counted.aliases, function); };
    Snapshot snapshot;
    add_table(snapshot, "allocations", counted.calls, name);
    add_table(snapshot, "allocated_bytes", counted.requested_bytes, name);
    set_moved(snapshot, "allocations", counted.moved_calls);
    set_moved(snapshot, "allocated_bytes", counted.moved_bytes);
    if (counted.refused > 0) {
        snapshot.set({"allocations", "refused"}, std::uint64_t{counted.refused});
        snapshot.add({"allocations", ""}, std::uint64_t{counted.refused});
    }
    if (counted.overflowed != 0) snapshot.set({"allocated_bytes", ""}, Absent{"their sum is more than 2^64"});
    add_sizes(snapshot, "allocation_sizes", counted.sizes);
    return snapshot;
}

Snapshot copies_of(const preload_copies& counted) {
    const std::span calls{counted.calls};
    const std::span moved_bytes{counted.moved_bytes};
    const Name copy_name = [&](std::size_t function) { return name_of(copy_functions, counted.aliases, function); };
    const Name fill_name = [&](std::size_t place) {
        return name_of(copy_functions, counted.aliases, copying_function_count + place);
    };
    Snapshot snapshot;
    add_table(snapshot, "copies", calls.first(copying_function_count), copy_name);
    add_table(snapshot, "copied_bytes", moved_bytes.first(copying_function_count), copy_name);
    add_table(snapshot, "fills", calls.subspan(copying_function_count), fill_name);
    add_table(snapshot, "filled_bytes", moved_bytes.subspan(copying_function_count), fill_name);
    add_sizes(snapshot, "copy_sizes", counted.sizes);
    return snapshot;
}

// That nobody guesses.
std::string random_name() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) throw system_failed("draw a name");
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

OwnedFd made_file(const std::string& path, std::size_t size_bytes, mode_t mode) {
    OwnedFd file{::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!file || ::ftruncate(file.get(), static_cast<off_t>(size_bytes)) != 0 || ::fchmod(file.get(), mode) != 0)
        throw system_failed("make " + path);
    return file;
}

}  // namespace

std::string preload_library() {
    const std::string file = server_folder().string() + PRELOAD_FILE;
    std::error_code missing;
    std::string path = std::filesystem::canonical(file, missing).string();
    if (missing || ::access(path.c_str(), R_OK) != 0) throw cannot_measure(file + " is missing: build or install it");
    if (path.find_first_of(": ") != std::string::npos)
        throw cannot_measure(path + ": with a blank or a colon in its path no library can be preloaded; move tare's folder");
    return path;
}

// The folder of root's command can be entered by all users and listed by none: only who was told the names opens the files.
PreloadMemory::PreloadMemory()
    : path_((std::filesystem::canonical(folder_.path()) / random_name()).string()),
      slots_path_((std::filesystem::canonical(folder_.path()) / random_name()).string()) {
    // A command of root's may go on as another user, who must come by the files' names alone.
    const bool for_others = ::geteuid() == 0;
    file_ = made_file(path_, sizeof(preload_memory), for_others ? 0666 : 0600);
    const OwnedFd slots = made_file(slots_path_, sizeof(preload_slots), for_others ? 0644 : 0600);
    if (for_others && ::chmod(folder_.path().c_str(), 0711) != 0) throw system_failed("open " + path_ + " to all users");
    void* const mapped = ::mmap(nullptr, sizeof(preload_slots), PROT_READ | PROT_WRITE, MAP_SHARED, slots.get(), 0);
    if (mapped == MAP_FAILED) throw system_failed("map " + slots_path_);
    slots_ = static_cast<preload_slots*>(mapped);
}

PreloadMemory::~PreloadMemory() { ::munmap(slots_, sizeof(preload_slots)); }

void PreloadMemory::note_alias(std::size_t function, std::size_t alias) { aliases_.at(function) |= std::uint64_t{1} << alias; }

std::optional<preload_memory> PreloadMemory::counted() const {
    preload_memory counted{};
    if (::pread(file_.get(), &counted, sizeof(counted), 0) != static_cast<ssize_t>(sizeof(counted))) return std::nullopt;
    for (std::size_t function = 0; function < aliases_.size(); ++function)
        counted.allocations.aliases[function] |= aliases_[function];
    return counted;
}

Snapshot PreloadMemory::allocations() const {
    const std::optional<preload_memory> whole = counted();
    return whole ? allocations_of(whole->allocations) : allocations_of({}).without_readings(cut_short);
}

Snapshot PreloadMemory::copies() const {
    const std::optional<preload_memory> whole = counted();
    return whole ? copies_of(whole->copies) : copies_of({}).without_readings(cut_short);
}

std::optional<std::uint64_t> PreloadMemory::write_environment(std::size_t slot, std::uint64_t address, const std::string& library,
                                                              std::vector<std::uint64_t> environment,
                                                              const std::string& libraries) {
    const std::string own = PRELOAD_VARIABLE + path_;
    const std::string room = PRELOAD_SLOTS_VARIABLE + slots_path_;
    const std::string list = "LD_PRELOAD=" + library + (libraries.empty() ? "" : ":" + libraries);
    const std::uint64_t slot_address = address + slot * preload_slot_bytes;
    constexpr std::size_t added_words = 4;  // with the 0 at the end
    const std::size_t words_bytes = (environment.size() + added_words) * sizeof(std::uint64_t);
    std::string texts;
    for (const std::string& text : {own, room, list}) {
        environment.push_back(slot_address + words_bytes + texts.size());
        texts.append(text.c_str(), text.size() + 1);
    }
    environment.push_back(0);
    if (words_bytes + texts.size() > preload_slot_bytes) return std::nullopt;
    unsigned char* const to = slots_->slots[slot];
    std::memcpy(to, environment.data(), words_bytes);
    std::copy(texts.begin(), texts.end(), to + words_bytes);
    return slot_address;
}

}  // namespace tare
