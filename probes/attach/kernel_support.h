// SPDX-License-Identifier: Apache-2.0
// What the running kernel has for the probes, by its own type information (BTF), which anyone may read: asked before a program is
// loaded, because the kernel's refusal of a program does not say which version would take it.
#pragma once

#include <bpf/libbpf.h>

#include <string>

namespace tare {

// Whether there is such a tracepoint with so many arguments; any number of them where `arguments` is 0.
bool has_tracepoint(const std::string& name, unsigned arguments = 0);

// Throws cannot_measure that names the first tracepoint that a program of this object would attach to (those that are not
// loaded aside) and the kernel does not have, or not as the program reads it, with the version of Linux that brought it.
void require_tracepoints(const bpf_object* object);

// Throws cannot_measure when the kernel has no BPF helper of this name, such as `loop`, which came with Linux `since`.
void require_helper(const std::string& name, const std::string& since);

// Throws cannot_measure on a kernel that is too old for any BPF probe. One that is older by its number and has what they need,
// as those of some distributions, is not.
void require_kernel();

// Whether this process may load BPF programs and attach them: CAP_SYS_ADMIN, or CAP_BPF and CAP_PERFMON.
bool may_use_bpf();
bool has_sys_admin();

}  // namespace tare
