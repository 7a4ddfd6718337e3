// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/user_counter.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/error.h"
#include "core/metric.h"
#include "functions.skel.h"
#include "probes/attach/bpf_object.h"
#include "probes/bpf/shared/user_functions.h"
#include "probes/counters/function_probe.h"
#include "probes/symbols/elf_file.h"
#include "probes/symbols/usdt_notes.h"
#include "probes/symbols/user_functions.h"

namespace tare {
namespace {

constexpr std::string_view usdt_mark = "usdt:";
constexpr std::size_t name_bytes_max = 40;

std::pair<std::string_view, std::string_view> provider_and_name(std::string_view usdt) {
    const std::size_t colon = usdt.find(':');
    return {usdt.substr(0, colon), colon == std::string_view::npos ? "" : usdt.substr(colon + 1)};
}

class UserFunctions : public FunctionProbe {
public:
    UserFunctions(UserCounter counter, const Target& target, UprobeWay way)
        : counter_(std::move(counter)), parts_(parts_of(counter_)), programs_(target), uprobes_(target, way, parts_) {
        uprobes_.prepare(programs_->progs.on_call);
        bpf_program__set_autoattach(programs_->progs.on_call, false);
        programs_.load();
        tables_ = {programs_->bss->caller_begin, programs_->bss->caller_end, &programs_->bss->remembers_calls};
        uprobes_.share(tables_);
    }

    bool cover(pid_t pid, const CodeFile& file, Reach reach) override {
        const FileEntries functions = entries_in(pid, file);
        for (const FunctionEntry& entry : functions.entries) found_.insert(entry.function);
        if (functions.entries.empty()) return false;
        uprobes_.cover(file, reach, functions);
        return true;
    }

    Snapshot read() override {
        if (!fault_.empty()) return {{{counter_.name, ""}, Absent{fault_}}};
        if (found_.empty()) return {{{counter_.name, ""}, Absent{not_found(fmt::format("{}", fmt::join(parts_, ", ")))}}};
        Snapshot snapshot;
        add_table(snapshot, counter_.name.c_str(), std::span(programs_->bss->calls).first(parts_.size()),
                  [this](std::size_t index) { return uprobes_.name(index); });
        for (std::size_t index = 0; index < parts_.size(); ++index) {
            if (!found_.contains(index)) snapshot.set({counter_.name, parts_[index]}, Absent{not_found(parts_[index])});
        }
        return snapshot;
    }

    Measured<std::uint64_t> lost_events() override { return programs_.lost_events(); }

private:
    // Where one file cannot be told of, no count is whole.
    FileEntries entries_in(pid_t pid, const CodeFile& file) {
        try {
            return entries_of(counter_, pid, file);
        } catch (const Error& error) {
            fault_ = error.what();
            throw;
        }
    }

    std::string not_found(const std::string& what) const {
        if (!counter_.usdt.empty()) return what + ": no file that it runs code from has this USDT probe";
        return what + ": in no symbol table of the files that it runs code from; stripped, of another name, or put into its " +
               "callers by the compiler (inlined), where no call of it is left to count";
    }

    UserCounter counter_;
    std::vector<std::string> parts_;
    BpfObject<functions_bpf> programs_;
    Uprobes uprobes_;
    CallerTables tables_;
    std::set<std::size_t> found_;
    std::string fault_;
};

class AbsentCounter : public Probe {
public:
    AbsentCounter(std::string name, std::string reason) : name_(std::move(name)), reason_(std::move(reason)) {}
    Snapshot read() override { return {{{name_, ""}, Absent{reason_}}}; }
    Measured<std::uint64_t> lost_events() override { return Absent{reason_}; }

private:
    std::string name_;
    std::string reason_;
};

bool is_metric_name(std::string_view name) {
    const auto is_small = [](char each) { return (each >= 'a' && each <= 'z') || (each >= '0' && each <= '9') || each == '_'; };
    return !name.empty() && name.size() <= name_bytes_max && name.front() >= 'a' && name.front() <= 'z' &&
           std::all_of(name.begin(), name.end(), is_small);
}

// At commas outside of brackets, which arguments have between theirs.
std::vector<std::string> split_functions(std::string_view text) {
    std::vector<std::string> functions(1);
    int depth = 0;
    for (const char each : text) {
        const bool is_arrow = each == '>' && functions.back().ends_with('-');
        if (each == '(' || each == '<' || each == '[') ++depth;
        if (each == ')' || (each == '>' && !is_arrow) || each == ']') --depth;
        if (each == ',' && depth == 0)
            functions.emplace_back();
        else
            functions.back() += each;
    }
    return functions;
}

}  // namespace

std::string fault_of(const UserCounter& counter, const std::vector<UserCounter>& others) {
    const auto is_empty = [](const std::string& each) { return each.empty(); };
    if (!is_metric_name(counter.name))
        return fmt::format("'{}' is no name for a counter: at most {} small letters, digits and underscores", counter.name,
                           name_bytes_max);
    if (metric_named(counter.name) != nullptr)
        return fmt::format("'{}' is a metric that tare has already (tare list metrics); give the counter another name",
                           counter.name);
    if (std::any_of(others.begin(), others.end(), [&](const UserCounter& other) { return other.name == counter.name; }))
        return fmt::format("there is a counter '{}' already", counter.name);
    if (counter.usdt.empty() == counter.functions.empty()) return "a counter has either functions or one usdt probe";
    if (std::any_of(counter.functions.begin(), counter.functions.end(), is_empty)) return "a function without a name";
    if (counter.functions.size() > user_functions_max)
        return fmt::format("{} functions; a counter has at most {}", counter.functions.size(), int{user_functions_max});
    if (std::set(counter.functions.begin(), counter.functions.end()).size() != counter.functions.size())
        return "a function is named twice";
    const auto [provider, name] = provider_and_name(counter.usdt);
    if (!counter.usdt.empty() && (provider.empty() || name.empty()))
        return fmt::format("usdt is '{}', not provider:name", counter.usdt);
    return "";
}

UserCounter parse_user_counter(std::string_view text, const std::vector<UserCounter>& others) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        throw usage_error(fmt::format("--counter '{}': expected NAME=FUNCTION[,FUNCTION] or NAME=usdt:PROVIDER:NAME", text));
    UserCounter counter{std::string(text.substr(0, equals)), {}, ""};
    const std::string_view counted = text.substr(equals + 1);
    if (counted.starts_with(usdt_mark))
        counter.usdt = counted.substr(usdt_mark.size());
    else
        counter.functions = split_functions(counted);
    if (const std::string fault = fault_of(counter, others); !fault.empty())
        throw usage_error(fmt::format("--counter '{}': {}", text, fault));
    return counter;
}

std::vector<std::string> parts_of(const UserCounter& counter) {
    return counter.usdt.empty() ? counter.functions : std::vector{counter.usdt};
}

FileEntries entries_of(const UserCounter& counter, pid_t pid, const CodeFile& file) {
    if (counter.usdt.empty()) return user_function_entries(pid, file, counter.functions);
    const auto [provider, name] = provider_and_name(counter.usdt);
    FileEntries found;
    found.entries = usdt_entries(ElfFile(file.path(), file.name()), provider, name);
    return found;
}

std::unique_ptr<Probe> attach_user_counter(const UserCounter& counter, const Target& target, UprobeWay way) {
    auto probe = std::make_unique<UserFunctions>(counter, target, way);
    if (target.tree == nullptr) cover_all_files(*probe, target.pid);
    return probe;
}

std::unique_ptr<Probe> attach_or_absent(const UserCounter& counter, const Target& target) {
    try {
        return attach_user_counter(counter, target, best_uprobe_way());
    } catch (const Error& error) {
        if (error.code() != ExitCode::cannot_measure) throw;
        return std::make_unique<AbsentCounter>(counter.name, error.what());
    }
}

}  // namespace tare
