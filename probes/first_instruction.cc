// SPDX-License-Identifier: Apache-2.0
#include "probes/first_instruction.h"

#include <array>
#include <fstream>

#include "core/error.h"

namespace tare {
namespace {

// Intel's manual, volume 2, 2.7: the prefix 62 and three bytes of it, the opcode, ModRM. With two register operands (ModRM's two
// highest bits set) nothing follows.
constexpr std::size_t evex_of_registers_bytes = 6;

bool is_evex(unsigned char byte) { return byte == 0x62; }

}  // namespace

std::uint64_t probed_offset(const std::string& path, std::uint64_t offset) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, evex_of_registers_bytes + 1> text{};
    if (!file.seekg(static_cast<std::streamoff>(offset)) || !file.read(text.data(), text.size()))
        throw cannot_measure(path + ": the instructions to be probed cannot be read");
    const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    if (!is_evex(byte(0))) return offset;
    const bool of_registers = (byte(evex_of_registers_bytes - 1) & 0xc0) == 0xc0;
    if (!of_registers || is_evex(byte(evex_of_registers_bytes)))
        throw cannot_measure(path +
                             ": the function begins with an instruction that this kernel cannot execute under a probe (EVEX)");
    return offset + evex_of_registers_bytes;
}

}  // namespace tare
