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

Exchange mget(const std::vector<std::string>& keys, const std::string& value) {
    Exchange all{"get", ""};
    for (const std::string& key : keys) {
        const Exchange one = get(key, &value);
        all.request += " " + key;
        all.reply += one.reply.substr(0, one.reply.size() - std::string_view("END\r\n").size());
    }
    return {all.request + "\r\n", all.reply + "END\r\n"};
}

Exchange times(const Exchange& one, std::uint64_t count) {
    Exchange all;
    for (std::uint64_t index = 0; index < count; ++index) {
        all.request += one.request;
        all.reply += one.reply;
    }
    return all;
}

}  // namespace

Conversation::Conversation(const Workload& workload, std::uint64_t key_count)
    : pipeline_(workload.pipeline), key_count_(key_count) {
    check(key_count > 0, "a conversation needs a key");
    const auto key = [&](char prefix, std::uint64_t number) { return key_name(prefix, number, workload.key_bytes); };
    const auto value = [&](std::uint64_t number) { return value_text(number, workload.value_bytes); };
    for (std::uint64_t number = 0; number < key_count; ++number) {
        switch (workload.operation) {
            case Operation::get_hit: {
                const std::string found = value(number);
                preparation_.push_back(set(key('k', number), found, false));
                exchanges_.push_back(times(get(key('k', number), &found), pipeline_));
                break;
            }
            case Operation::get_miss:
                exchanges_.push_back(times(get(key('m', number), nullptr), pipeline_));
                break;
            case Operation::mget: {
                const std::string found = value(0);
                preparation_.push_back(set(key('k', number), found, false));
                std::vector<std::string> keys;
                for (std::uint64_t next = 0; next < Workload::mget_keys; ++next)
                    keys.push_back(key('k', (number + next) % key_count));
                exchanges_.push_back(times(mget(keys, found), pipeline_));
                break;
            }
            case Operation::delete_hit:
                check(pipeline_ == 1, "a pipelined delete");
                preparation_.push_back(set(key('d', number), value(0), false));
                exchanges_.push_back({"delete " + key('d', number) + "\r\n", "DELETED\r\n"});
                break;
            case Operation::set:
            case Operation::set_noreply:
                break;  // below: a key's two values stand apart, so that each set changes what is stored
        }
    }
    if (workload.operation != Operation::set && workload.operation != Operation::set_noreply) return;
    for (std::uint64_t number = 0; number < 2 * key_count; ++number) {
        const std::string stored = value(number);
        const std::string name = key('k', number % key_count);
        exchanges_.push_back(times(set(name, stored, workload.operation == Operation::set_noreply), pipeline_));
        proofs_.push_back(get(name, &stored));
    }
}

std::vector<Exchange> Conversation::proof(std::uint64_t exchange_count) const {
    std::vector<Exchange> last;
    if (proofs_.empty()) return last;
    const std::uint64_t first = exchange_count > key_count_ ? exchange_count - key_count_ : 0;
    for (std::uint64_t index = first; index < exchange_count; ++index) last.push_back(proofs_[index % proofs_.size()]);
    return last;
}

}  // namespace tare
