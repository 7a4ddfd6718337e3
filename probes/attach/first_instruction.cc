// SPDX-License-Identifier: Apache-2.0
#include "probes/attach/first_instruction.h"

#include <array>
#include <fstream>

#include "core/error.h"

namespace tare {
namespace {

using Code = std::array<unsigned char, 6>;

// Intel's manual, volume 2, 2.3 and 2.7: the bytes of the prefix, before the opcode and ModRM; 0 for any other coding.
std::size_t vector_prefix_bytes(const Code& code) {
    switch (code[0]) {
        case 0xC5:
            return 2;
        case 0xC4:
            return 3;
        case 0x62:
            return 4;
        default:
            return 0;
    }
}

}  // namespace

std::uint64_t probed_offset(const std::string& path, std::uint64_t offset) {
    std::ifstream file(path, std::ios::binary);
    for (;;) {
        Code code{};
        if (!file.seekg(static_cast<std::streamoff>(offset)) || !file.read(reinterpret_cast<char*>(code.data()), code.size()))
            throw cannot_measure(path + ": the instructions to be probed cannot be read");
        const std::size_t prefix_bytes = vector_prefix_bytes(code);
        if (prefix_bytes == 0) return offset;
        // With two register operands (ModRM's two highest bits set) nothing follows.
        if ((code[prefix_bytes + 1] & 0xC0) != 0xC0)
            throw cannot_measure(path +
                                 ": the function begins with an instruction that this kernel cannot execute under a probe");
        offset += prefix_bytes + 2;
    }
}

}  // namespace tare
