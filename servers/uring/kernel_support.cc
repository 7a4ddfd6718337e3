// SPDX-License-Identifier: Apache-2.0
#include "servers/uring/kernel_support.h"

#include <array>
#include <memory>
#include <string_view>

#include "core/error.h"
#include "core/opcode.h"

namespace tare::uring {
namespace {

struct Since {
    unsigned bits;
    std::string_view name;
    std::string_view version;
};

// In the order in which they came, so that what is named is the oldest that is missing.
constexpr std::array setup_flags{Since{IORING_SETUP_SQPOLL, "IORING_SETUP_SQPOLL", "5.1"},
                                 Since{IORING_SETUP_SINGLE_ISSUER, "IORING_SETUP_SINGLE_ISSUER", "6.0"},
                                 Since{IORING_SETUP_DEFER_TASKRUN, "IORING_SETUP_DEFER_TASKRUN", "6.1"}};
constexpr std::array features_since{Since{IORING_FEAT_CQE_SKIP, "IORING_FEAT_CQE_SKIP", "5.17"},
                                    Since{feature_receive_bundle, "IORING_FEAT_RECVSEND_BUNDLE", "6.10"}};
constexpr std::array opcodes_since{
    Since{IORING_OP_SENDMSG, "", "5.3"},   Since{IORING_OP_ACCEPT, "", "5.5"},  Since{IORING_OP_ASYNC_CANCEL, "", "5.5"},
    Since{IORING_OP_CLOSE, "", "5.6"},     Since{IORING_OP_SEND, "", "5.6"},    Since{IORING_OP_RECV, "", "5.6"},
    Since{IORING_OP_SHUTDOWN, "", "5.11"}, Since{IORING_OP_SEND_ZC, "", "6.0"}, Since{IORING_OP_SENDMSG_ZC, "", "6.1"}};

std::string with_version(std::string_view name, std::string_view version) {
    return std::string(name) + ", which came with Linux " + std::string(version);
}

int try_setup(unsigned flags) {
    io_uring ring{};
    const int result = io_uring_queue_init(8, &ring, flags);
    if (result == 0) io_uring_queue_exit(&ring);
    return result;
}

}  // namespace

std::string unknown_setup_flag(unsigned flags) {
    // Some flags want another beside them, so they are added one after the other.
    unsigned known = 0;
    for (const Since& flag : setup_flags) {
        if ((flags & flag.bits) == 0) continue;
        if (try_setup(known | flag.bits) == -EINVAL) return with_version(flag.name, flag.version);
        known |= flag.bits;
    }
    return "";
}

void require_features(const io_uring& ring, unsigned features) {
    for (const Since& feature : features_since) {
        if ((features & feature.bits) != 0 && (ring.features & feature.bits) == 0)
            throw cannot_measure("this kernel has no " + with_version(feature.name, feature.version));
    }
}

void require_opcodes(io_uring& ring, std::span<const std::uint8_t> opcodes) {
    const std::unique_ptr<io_uring_probe, void (*)(io_uring_probe*)> probe(io_uring_get_probe_ring(&ring), io_uring_free_probe);
    if (!probe) throw cannot_measure("this kernel cannot tell its io_uring opcodes, as it can since Linux 5.6");
    for (const std::uint8_t opcode : opcodes) {
        if (io_uring_opcode_supported(probe.get(), opcode) != 0) continue;
        const std::string name = "io_uring opcode " + std::string(opcode_names[opcode]);
        for (const Since& each : opcodes_since) {
            if (each.bits == opcode) throw cannot_measure("this kernel has no " + with_version(name, each.version));
        }
        throw cannot_measure("this kernel has no " + name);
    }
}

}  // namespace tare::uring
