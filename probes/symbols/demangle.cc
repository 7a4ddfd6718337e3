// SPDX-License-Identifier: Apache-2.0
#include "probes/symbols/demangle.h"

#include <libiberty/demangle.h>

#include <cstdlib>
#include <memory>

namespace tare {
namespace {

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

// Unlike abi::__cxa_demangle, which also reads types and so would have a C function `f` for `float`.
std::string demangled(const char* name) {
    const std::unique_ptr<char, Free> text(cplus_demangle(name, DMGL_PARAMS | DMGL_ANSI | DMGL_AUTO));
    return text ? text.get() : name;
}

}  // namespace tare
