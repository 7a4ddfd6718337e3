// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/kernel_support.h"

#include <bpf/btf.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string_view>

#include "core/error.h"

namespace tare {
namespace {

// The tracepoints that came, or got the arguments that a program reads, after the oldest kernel that is supported.
struct Tracepoint {
    std::string_view name;
    unsigned arguments;
    std::string_view since;
};
constexpr std::array tracepoints{Tracepoint{"io_uring_cqe_overflow", 5, "6.0"}, Tracepoint{"io_uring_queue_async_work", 2, "6.0"},
                                 Tracepoint{"io_uring_req_failed", 3, "6.0"},   Tracepoint{"io_uring_submit_req", 1, "6.4"},
                                 Tracepoint{"sched_switch", 4, "5.18"},         Tracepoint{"sock_recv_length", 3, "6.3"},
                                 Tracepoint{"sock_send_length", 3, "6.3"}};

constexpr std::string_view typed_tracepoint = "tp_btf/";

// The oldest one whose BPF has all that the probes share: bpf_get_attach_cookie for uprobes and bpf_task_pt_regs for trees.
constexpr unsigned oldest_major = 5;
constexpr unsigned oldest_minor = 15;
constexpr std::array<const char*, 2> shared_helpers{"get_attach_cookie", "task_pt_regs"};

std::string kernel_release() {
    utsname name{};
    ::uname(&name);
    return name.release;
}

// Read once; nullptr where the kernel has none.
const btf* kernel_types() {
    static const std::unique_ptr<btf, void (*)(btf*)> types(btf__load_vmlinux_btf(), btf__free);
    return libbpf_get_error(types.get()) != 0 ? nullptr : types.get();
}

// The kernel declares a function type for each tracepoint; its first argument is the program's own data.
const btf_type* tracepoint_type(const btf* types, const std::string& name) {
    const int id = btf__find_by_name_kind(types, ("btf_trace_" + name).c_str(), BTF_KIND_TYPEDEF);
    if (id < 0) return nullptr;
    const btf_type* const pointer = btf__type_by_id(types, btf__type_by_id(types, static_cast<unsigned>(id))->type);
    const btf_type* const function = pointer == nullptr ? nullptr : btf__type_by_id(types, pointer->type);
    return function != nullptr && btf_is_func_proto(function) ? function : nullptr;
}

bool has_helper(const btf* types, const std::string& name) {
    const int id = btf__find_by_name_kind(types, "bpf_func_id", BTF_KIND_ENUM);
    if (id < 0) return false;
    const btf_type* const all = btf__type_by_id(types, static_cast<unsigned>(id));
    for (unsigned place = 0; place < btf_vlen(all); ++place) {
        if (btf__name_by_offset(types, btf_enum(all)[place].name_off) == "BPF_FUNC_" + name) return true;
    }
    return false;
}

bool has_capability(unsigned capability) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) != 0) return false;
    return (sets[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability)) != 0;
}

}  // namespace

bool has_tracepoint(const std::string& name, unsigned arguments) {
    const btf* const types = kernel_types();
    const btf_type* const found = types == nullptr ? nullptr : tracepoint_type(types, name);
    return found != nullptr && (arguments == 0 || btf_vlen(found) == arguments + 1);
}

void require_tracepoints(const bpf_object* object) {
    if (kernel_types() == nullptr) return;  // the loader says that there is no type information
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object) {
        const std::string_view section = bpf_program__section_name(program);
        if (!section.starts_with(typed_tracepoint) || !bpf_program__autoload(program)) continue;
        const std::string name(section.substr(typed_tracepoint.size()));
        Tracepoint wanted{name, 0, ""};
        for (const Tracepoint& each : tracepoints) {
            if (each.name == name) wanted = each;
        }
        if (has_tracepoint(name, wanted.arguments)) continue;
        const std::string what = has_tracepoint(name) ? "'s tracepoint " + name + " has other arguments than those"
                                                      : " has no tracepoint " + name + ",";
        throw cannot_measure("Linux " + kernel_release() + what +
                             (wanted.since.empty() ? " that tare reads" : " which came with Linux " + std::string(wanted.since)));
    }
}

void require_helper(const std::string& name, const std::string& since) {
    const btf* const types = kernel_types();
    if (types != nullptr && !has_helper(types, name))
        throw cannot_measure("Linux " + kernel_release() + " has no BPF helper bpf_" + name + ", which came with Linux " + since);
}

void require_kernel() {
    const std::string release = kernel_release();
    unsigned major = 0;
    unsigned minor = 0;
    if (std::sscanf(release.c_str(), "%u.%u", &major, &minor) != 2) return;
    if (major > oldest_major || (major == oldest_major && minor >= oldest_minor)) return;
    const btf* const types = kernel_types();
    bool has_all = types != nullptr;
    for (const char* const helper : shared_helpers) has_all = has_all && has_helper(types, helper);
    if (!has_all)
        throw cannot_measure("this is Linux " + release + ", and tare's probes need Linux " + std::to_string(oldest_major) + "." +
                             std::to_string(oldest_minor) + " or later (its io_uring servers 6.1)");
}

bool has_sys_admin() { return has_capability(CAP_SYS_ADMIN); }

bool may_use_bpf() { return has_sys_admin() || (has_capability(CAP_BPF) && has_capability(CAP_PERFMON)); }

}  // namespace tare
