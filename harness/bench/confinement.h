// SPDX-License-Identifier: Apache-2.0
// What a container, or a user who is not root, lacks for measuring: capabilities, system calls behind seccomp, /sys, the kernel's
// type information, perf events.
#pragma once

#include <string>
#include <vector>

#include "harness/bench/finding.h"

namespace tare {

// Whether this process runs in a container of Docker, Podman or systemd, as far as that leaves a trace.
bool is_in_container();

// The command line that would give a container what is missing, or run tare outside of one with it.
// "docker run --cap-add BPF IMAGE tare doctor"
std::string container_command(const std::string& options);

// One finding each. Nothing is changed, and nothing stays attached.
std::vector<Finding> confinement();

// The names of those of `wanted` that a mask of effective capabilities, as CapEff of /proc/PID/status has it, does not hold.
std::vector<std::string> capabilities_missing(const std::string& effective_hex);

}  // namespace tare
