// SPDX-License-Identifier: Apache-2.0
#include "probes/system_call_name.h"

#include <seccomp.h>

#include <cstdlib>

namespace tare {

std::string system_call_name(std::size_t number) {
    char* const name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
    if (name == nullptr) return "syscall_" + std::to_string(number);
    std::string text = name;
    std::free(name);
    return text;
}

}  // namespace tare
