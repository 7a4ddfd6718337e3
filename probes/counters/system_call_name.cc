// SPDX-License-Identifier: Apache-2.0
#include "probes/counters/system_call_name.h"

#include <seccomp.h>

#include <array>
#include <cstdlib>

namespace tare {
namespace {

struct GateRow {
    std::uint32_t architecture;
    std::int64_t marked_by;  // what is set in its numbers where libseccomp has them
    const char* prefix;
};
constexpr std::array<GateRow, 3> gate_rows{
    {{SCMP_ARCH_X86_64, 0, ""}, {SCMP_ARCH_X86, 0, "i386:"}, {SCMP_ARCH_X32, 0x40000000, "x32:"}}};

const GateRow& row_of(Gate gate) { return gate_rows[static_cast<std::size_t>(gate)]; }

}  // namespace

std::string system_call_name(std::int64_t number, Gate gate) {
    const GateRow& row = row_of(gate);
    // Negative numbers are libseccomp's own for calls that an architecture lacks.
    char* const name =
        number < 0 ? nullptr : seccomp_syscall_resolve_num_arch(row.architecture, static_cast<int>(number | row.marked_by));
    if (name == nullptr) return row.prefix + ("syscall_" + std::to_string(number));
    std::string text = row.prefix + std::string(name);
    std::free(name);
    return text;
}

std::optional<std::int64_t> system_call_number(const std::string& name, Gate gate) {
    const GateRow& row = row_of(gate);
    const int number = seccomp_syscall_resolve_name_arch(row.architecture, name.c_str());
    if (number < 0) return std::nullopt;
    return number & ~row.marked_by;
}

}  // namespace tare
