// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/memcached_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"
#include "core/wire/reply.h"
#include "core/wire/request.h"

namespace tare {
namespace {

constexpr std::string_view value_and_get_end = "\r\nEND\r\n";

}  // namespace

MemcachedText::MemcachedText(const LoadPlan& plan, const ValuePool& pool) : pool_(pool), key_count_(plan.key_count) {
    if (plan.key_bytes > wire::key_bytes_max) throw usage_error(fmt::format("a key has at most {} bytes", wire::key_bytes_max));
    values_change_ = std::any_of(plan.mix.begin(), plan.mix.end(), [](const LoadPlan::Share& share) {
        return share.operation == Operation::set || share.operation == Operation::set_noreply;
    });
    const auto with_key = [&](const std::string& before, char letter, const std::string& after) {
        return KeyTemplate(before, letter, plan.key_bytes, after);
    };
    get_hit_ = with_key("get ", 'k', "\r\n");
    get_miss_ = with_key("get ", 'm', "\r\n");
    delete_ = with_key("delete ", 'k', "\r\n");
    next_key_ = with_key(" ", 'k', "");
    for (const std::uint64_t size_bytes : pool.sizes()) {
        if (size_bytes > wire::value_bytes_max)
            throw usage_error(fmt::format("a value has at most {} bytes", wire::value_bytes_max));
        sets_.push_back(with_key("set ", 'k', fmt::format(" 0 0 {}\r\n", size_bytes)));
        noreply_sets_.push_back(with_key("set ", 'k', fmt::format(" 0 0 {} noreply\r\n", size_bytes)));
        headers_.push_back(with_key("VALUE ", 'k', fmt::format(" 0 {}\r\n", size_bytes)));
        next_headers_.push_back(with_key("\r\nVALUE ", 'k', fmt::format(" 0 {}\r\n", size_bytes)));
    }
}

void MemcachedText::append_request(std::string& to, const DrawnRequest& request) const {
    switch (request.operation) {
        case Operation::get_hit:
            return get_hit_.append(to, request.key);
        case Operation::get_miss:
            return get_miss_.append(to, request.key);
        case Operation::mget:
            to += "get";
            for (std::uint64_t next = 0; next < Workload::mget_keys; ++next)
                next_key_.append(to, (request.key + next) % key_count_);
            to += wire::line_end;
            return;
        case Operation::set:
        case Operation::set_noreply: {
            const auto& templates = request.operation == Operation::set ? sets_ : noreply_sets_;
            templates[size_index(request.key)].append(to, request.key);
            to.append(pool_.text(request.key, request.version), pool_.size_bytes(request.key));
            to += wire::line_end;
            return;
        }
        case Operation::delete_hit:
            return delete_.append(to, request.key);
    }
}

void MemcachedText::add_header(ExpectedReply& reply, const KeyTemplate& from, std::uint64_t key) {
    char* const text = reply.room(from.size_bytes());
    from.write(text, key);
    reply.add({text, from.size_bytes()});
}

void MemcachedText::add_value(ExpectedReply& reply, std::uint64_t key) const {
    const std::string_view first(pool_.text(key, 0), pool_.size_bytes(key));
    if (values_change_)
        reply.add_either(first, pool_.text(key, 1));
    else
        reply.add(first);
}

void MemcachedText::describe_reply(const DrawnRequest& request, ExpectedReply& reply) const {
    reply.clear();
    switch (request.operation) {
        case Operation::get_hit:
            add_header(reply, headers_[size_index(request.key)], request.key);
            add_value(reply, request.key);
            return reply.add(value_and_get_end);
        case Operation::mget:
            for (std::uint64_t next = 0; next < Workload::mget_keys; ++next) {
                const std::uint64_t key = (request.key + next) % key_count_;
                add_header(reply, (next == 0 ? headers_ : next_headers_)[size_index(key)], key);
                add_value(reply, key);
            }
            return reply.add(value_and_get_end);
        case Operation::get_miss:
            return reply.add(wire::end);
        case Operation::set:
            return reply.add(wire::stored);
        case Operation::delete_hit:
            return reply.add(wire::deleted);
        case Operation::set_noreply:
            break;  // none
    }
}

}  // namespace tare
