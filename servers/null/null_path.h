// SPDX-License-Identifier: Apache-2.0
// The floor: answers a fixed text without parsing, so that what is left is the interface and the machine.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "servers/options.h"
#include "servers/path/request_path.h"

namespace tare {

class NullPath {
public:
    static constexpr std::string_view name = "fixed_reply";
    static constexpr std::string_view description = "a fixed reply without parsing";

    using Output = ByteBuffer;

    explicit NullPath(const ServerOptions& options) : request_bytes_(options.fixed_request_bytes), reply_(options.fixed_reply) {}

    Served serve(Session&, std::string_view accumulated, ByteBuffer& output) {
        Served served;
        while (served.consumed_bytes < accumulated.size()) {
            const std::size_t size_bytes = first_request_bytes(accumulated.substr(served.consumed_bytes));
            if (size_bytes == 0) break;
            if (output.size_bytes() > output_bytes_max) {
                served.next = Next::drain;
                break;
            }
            Ledger::request();
            output.append(CopyEdge::fixed_to_write, reply_);
            served.consumed_bytes += size_bytes;
        }
        return served;
    }

    static constexpr Counts cost(const Workload& workload) {
        Counts batch;
        for (std::size_t index = 0; index < workload.pipeline; ++index)
            batch.copy(CopyEdge::fixed_to_write, wire::reply_shape(workload).size_bytes());
        return batch;
    }

private:
    // 0 while the first request is not whole.
    std::size_t first_request_bytes(std::string_view input) const {
        if (request_bytes_ > 0) return input.size() >= request_bytes_ ? request_bytes_ : 0;
        const std::size_t line_end = input.find('\n');
        return line_end == std::string_view::npos ? 0 : line_end + 1;
    }

    std::size_t request_bytes_;
    std::string reply_;
};

}  // namespace tare
