// SPDX-License-Identifier: Apache-2.0
#include "probes/system_calls.h"

#include <seccomp.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <string>

#include "probes/bpf_object.h"
#include "system_calls.skel.h"

namespace tare {
namespace {

constexpr std::uint8_t read_like = 1;
constexpr std::uint8_t sized = 2;
constexpr std::uint8_t counts_events = 4;

// The kernel's name of a system call on this machine; libseccomp keeps the table.
std::string name_of_call(std::size_t number) {
    char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
    if (name == nullptr) return "syscall_" + std::to_string(number);
    std::string text = name;
    std::free(name);
    return text;
}

class SystemCalls : public Probe {
public:
    explicit SystemCalls(pid_t pid) : programs_(pid) {
        for (const int number : {SYS_read, SYS_write, SYS_pread64, SYS_pwrite64, SYS_recvfrom, SYS_sendto})
            programs_->rodata->traits[number] = read_like | sized;
        for (const int number : {SYS_readv, SYS_writev, SYS_recvmsg, SYS_sendmsg}) programs_->rodata->traits[number] = read_like;
        for (const int number : {SYS_epoll_wait, SYS_epoll_pwait, SYS_epoll_pwait2})
            programs_->rodata->traits[number] = counts_events;
        programs_.load();
        programs_.attach();
    }

    Snapshot read() override {
        Snapshot snapshot;
        add_table(snapshot, "syscalls", programs_->bss->entered, name_of_call);
        add_table(snapshot, "syscalls_eagain", programs_->bss->again, name_of_call);
        add_table(snapshot, "syscalls_short", programs_->bss->partial, name_of_call);
        add_table(snapshot, "syscalls_zero", programs_->bss->empty, name_of_call);
        add_table(snapshot, "wait_events", programs_->bss->events, name_of_call);
        return snapshot;
    }

    Reading lost_events() override { return programs_.lost_events(); }

private:
    BpfObject<system_calls_bpf> programs_;
};

}  // namespace

std::unique_ptr<Probe> attach_system_calls(pid_t pid) { return std::make_unique<SystemCalls>(pid); }

}  // namespace tare
