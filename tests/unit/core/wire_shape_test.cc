// SPDX-License-Identifier: Apache-2.0
// The lengths that predictions are made of are those of the texts that cross the wire, built here by hand.
#include "core/wire/shape.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

#include "harness/load/protocols/conversation.h"

namespace tare::wire {
namespace {

struct Texts {
    std::string request;
    std::string reply;
};

Texts by_hand(const Workload& workload) {
    const std::string key(workload.key_bytes, 'k');
    const std::string value(workload.value_bytes, 'v');
    const std::string item = fmt::format("VALUE {} 0 {}\r\n{}\r\n", key, value.size(), value);
    switch (workload.operation) {
        case Operation::get_hit:
            return {fmt::format("get {}\r\n", key), item + "END\r\n"};
        case Operation::get_miss:
            return {fmt::format("get {}\r\n", key), "END\r\n"};
        case Operation::set:
            return {fmt::format("set {} 0 0 {}\r\n{}\r\n", key, value.size(), value), "STORED\r\n"};
        case Operation::set_noreply:
            return {fmt::format("set {} 0 0 {} noreply\r\n{}\r\n", key, value.size(), value), ""};
        case Operation::delete_hit:
            return {fmt::format("delete {}\r\n", key), "DELETED\r\n"};
        case Operation::mget:
            break;
    }
    Texts texts{"get", ""};
    for (std::uint64_t index = 0; index < workload.keys(); ++index) {
        texts.request += " " + key;
        texts.reply += item;
    }
    return {texts.request + "\r\n", texts.reply + "END\r\n"};
}

std::vector<Workload> workloads() {
    std::vector<Workload> all;
    for (std::size_t operation = 0; operation < operation_names.size(); ++operation)
        for (const std::uint64_t key_bytes : {1U, 16U, 250U})
            for (const std::uint64_t value_bytes : {0U, 1U, 9U, 10U, 99U, 100U, 65536U, 999999U, 1048576U})
                all.push_back({static_cast<Operation>(operation), key_bytes, value_bytes});
    return all;
}

TEST(wire_shape, lengths_are_those_of_the_texts) {
    for (const Workload& workload : workloads()) {
        SCOPED_TRACE(
            fmt::format("{} {} {} {}", name_of(workload.operation), workload.key_bytes, workload.value_bytes, workload.keys()));
        const Texts texts = by_hand(workload);
        EXPECT_EQ(request_bytes(workload), texts.request.size());
        EXPECT_EQ(reply_shape(workload).size_bytes(), texts.reply.size());
    }
}

TEST(wire_shape, the_texts_are_whole_requests_for_the_parser) {
    for (const Workload& workload : workloads()) {
        const std::string request = by_hand(workload).request;
        const Parsed parsed = parse(request);
        EXPECT_NE(parsed.kind, Kind::refused) << parsed.error;
        EXPECT_EQ(parsed.consumed_bytes, request.size());
    }
}

TEST(wire_shape, what_the_client_sends_and_expects_has_these_lengths) {
    for (const Operation operation : {Operation::get_hit, Operation::get_miss, Operation::set, Operation::set_noreply,
                                      Operation::delete_hit, Operation::mget}) {
        const Workload workload{operation, 16, 1000, 1};
        const Conversation conversation(workload, 16);
        for (std::uint64_t index = 0; index < 16; ++index) {
            EXPECT_EQ(conversation.at(index).request.size(), request_bytes(workload)) << name_of(operation);
            EXPECT_EQ(conversation.reply_text(conversation.at(index)).size(), reply_shape(workload).size_bytes())
                << name_of(operation);
        }
    }
}

TEST(wire_shape, a_written_header_has_the_length_that_is_predicted) {
    std::array<char, header_room_bytes> room{};
    const std::string key(key_bytes_max, 'k');
    for (const std::size_t value_bytes : {std::size_t{0}, std::size_t{10}, value_bytes_max}) {
        const std::size_t size_bytes = write_header(room.data(), key, 0, value_bytes);
        EXPECT_EQ(std::string_view(room.data(), size_bytes), fmt::format("VALUE {} 0 {}\r\n", key, value_bytes));
        EXPECT_EQ(size_bytes, header_bytes(key.size(), value_bytes));
    }
    EXPECT_EQ(write_header(room.data(), key, 4294967295U, value_bytes_max), header_bytes_max);
}

}  // namespace
}  // namespace tare::wire
