// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/copied_probe.h"

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>

#include "core/owned_fd.h"
#include "probes/attach/probed_code.h"

namespace tare {

bool mend_copied_probe(pid_t tid) {
    siginfo_t info{};
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETSIGINFO, tid, nullptr, &info) != 0 || info.si_signo != SIGTRAP || info.si_code != SI_KERNEL)
        return false;
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &registers) != 0) return false;
    const auto place = static_cast<off_t>(registers.rip - 1);  // the breakpoint is one byte, and behind the thread
    const OwnedFd memory{::open(("/proc/" + std::to_string(tid) + "/mem").c_str(), O_RDWR | O_CLOEXEC)};
    ProbedBytes code{};
    if (!memory) return false;
    const ssize_t size = ::pread(memory.get(), code.data(), code.size(), place);
    if (size <= 0) return false;
    const std::optional<std::uint8_t> byte = byte_before_probe(std::span(code).first(static_cast<std::size_t>(size)));
    if (!byte || ::pwrite(memory.get(), &*byte, 1, place) != 1) return false;
    registers.rip -= 1;
    return ::ptrace(PTRACE_SETREGS, tid, nullptr, &registers) == 0;
}

}  // namespace tare
