// SPDX-License-Identifier: Apache-2.0
// How long a cell's request and its reply are on the wire: what predictions and the null server are made of.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/operation.h"
#include "core/wire/reply.h"

namespace tare::wire {

// Digits of a number as std::to_chars writes it.
constexpr std::size_t digit_count(std::uint64_t number) {
    std::size_t digits = 1;
    while (number >= 10) {
        number /= 10;
        ++digits;
    }
    return digits;
}

// The length of that header in bytes, for flags 0.
constexpr std::size_t header_bytes(std::size_t key_bytes, std::size_t value_bytes) {
    return value_word.size() + key_bytes + 3 + digit_count(value_bytes) + line_end.size();
}

// The parts of a reply: `values` times header, value and line end, then END for a get; or a status line.
struct ReplyShape {
    std::size_t values = 0;
    std::size_t key_bytes = 0;
    std::size_t value_bytes = 0;
    bool ends_get = false;
    std::size_t status_bytes = 0;

    constexpr std::size_t size_bytes() const {
        const std::size_t each = header_bytes(key_bytes, value_bytes) + value_bytes + line_end.size();
        return values * each + (ends_get ? end.size() : 0) + status_bytes;
    }
};

// Length in bytes of one request on the wire.
constexpr std::size_t request_bytes(const Workload& workload) {
    constexpr std::size_t get_word = 4;  // "get " with its blank, or "set "
    switch (workload.operation) {
        case Operation::get_hit:
        case Operation::get_miss:
        case Operation::mget:
            return get_word - 1 + workload.keys() * (1 + workload.key_bytes) + line_end.size();
        case Operation::set:
        case Operation::set_noreply: {
            // "set KEY 0 0 SIZE[ noreply]\r\nVALUE\r\n"
            const std::size_t noreply = workload.operation == Operation::set_noreply ? 8 : 0;
            return get_word + workload.key_bytes + 5 + digit_count(workload.value_bytes) + noreply + 2 * line_end.size() +
                   workload.value_bytes;
        }
        case Operation::delete_hit:
            return 7 + workload.key_bytes + line_end.size();
    }
    return 0;
}

// The reply to one request.
constexpr ReplyShape reply_shape(const Workload& workload) {
    switch (workload.operation) {
        case Operation::get_hit:
            return {1, workload.key_bytes, workload.value_bytes, true, 0};
        case Operation::mget:
            return {workload.keys(), workload.key_bytes, workload.value_bytes, true, 0};
        case Operation::get_miss:
            return {.ends_get = true};
        case Operation::set:
            return {.status_bytes = stored.size()};
        case Operation::delete_hit:
            return {.status_bytes = deleted.size()};
        case Operation::set_noreply:
            break;
    }
    return {};
}

}  // namespace tare::wire
