// SPDX-License-Identifier: Apache-2.0
#include "harness/load/conversation.h"

#include <fmt/format.h>

#include <random>

#include "core/check.h"
#include "core/error.h"

namespace tare {
namespace {

std::string key_name(char prefix, std::uint64_t number, std::uint64_t key_bytes) {
    const std::string digits = std::to_string(number);
    if (digits.size() + 1 > key_bytes) throw usage_error(fmt::format("key_bytes is {}: too short for its number", key_bytes));
    return prefix + std::string(key_bytes - 1 - digits.size(), '0') + digits;
}

// Any byte may stand in a value, line ends among them.
std::string value_text(std::uint64_t seed, std::uint64_t value_bytes) {
    std::minstd_rand random(static_cast<std::uint_fast32_t>(seed + 1));
    std::string value(value_bytes, '\0');
    for (char& byte : value) byte = static_cast<char>(random() >> 8);
    return value;
}

Exchange get(const std::string& key, const std::string* value) {
    if (value == nullptr) return {"get " + key + "\r\n", "END\r\n"};
    return {"get " + key + "\r\n", fmt::format("VALUE {} 0 {}\r\n{}\r\nEND\r\n", key, value->size(), *value)};
}

Exchange set(const std::string& key, const std::string& value, bool noreply) {
    return {fmt::format("set {} 0 0 {}{}\r\n{}\r\n", key, value.size(), noreply ? " noreply" : "", value),
            noreply ? "" : "STORED\r\n"};
}

}  // namespace

Conversation::Conversation(const Workload& workload, std::uint64_t key_count) {
    for (std::uint64_t number = 0; number < key_count; ++number) {
        const std::string key = key_name('k', number, workload.key_bytes);
        const std::string found = value_text(number, workload.value_bytes);
        const std::string stored = value_text(number + key_count, workload.value_bytes);
        switch (workload.operation) {
            case Operation::get_hit:
                preparation_.push_back(set(key, found, false));
                exchanges_.push_back(get(key, &found));
                break;
            case Operation::get_miss:
                exchanges_.push_back(get(key_name('m', number, workload.key_bytes), nullptr));
                break;
            case Operation::set:
            case Operation::set_noreply:
                exchanges_.push_back(set(key, stored, workload.operation == Operation::set_noreply));
                proof_.push_back(get(key, &stored));
                break;
            case Operation::delete_hit:
            case Operation::mget:
                throw usage_error(fmt::format("op '{}' cannot be asked in lockstep", name_of(workload.operation)));
        }
    }
    check(!exchanges_.empty(), "a conversation needs a key");
}

}  // namespace tare
