// SPDX-License-Identifier: Apache-2.0
// A crossing into the kernel and back, with next to nothing done there.
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/calibrate/subject.h"

namespace tare::calibration {

void add_system_call(Subjects& subjects) {
    subjects.push_back({.name = "system_call", .argument_unit = "calls", .body = [](benchmark::State& state) {
                            for (auto _ : state) ::syscall(SYS_getppid);
                        }});
}

}  // namespace tare::calibration
