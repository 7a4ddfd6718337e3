// SPDX-License-Identifier: Apache-2.0
#include "harness/load/memcached_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "core/error.h"
#include "core/wire/reply.h"
#include "core/wire/request.h"

namespace tare {
namespace {

constexpr std::string_view value_and_get_end = "\r\nEND\r\n";

// The zeros before the number stand in the template already.
void write_digits(char* end, std::uint64_t number) {
    do {
        *--end = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number > 0);
}

}  // namespace

MemcachedText::MemcachedText(const LoadPlan& plan, const ValuePool& pool)
    : pool_(pool), key_bytes_(plan.key_bytes), key_count_(plan.key_count) {
    if (key_bytes_ > wire::key_bytes_max) throw usage_error(fmt::format("a key has at most {} bytes", wire::key_bytes_max));
    if (std::to_string(key_count_ - 1).size() + 1 > key_bytes_)
        throw usage_error(fmt::format("keys of {} bytes are too short for {} numbers and a letter", key_bytes_, key_count_));
    values_change_ = std::any_of(plan.mix.begin(), plan.mix.end(), [](const LoadPlan::Share& share) {
        return share.operation == Operation::set || share.operation == Operation::set_noreply;
    });
    get_hit_ = template_of("get ", 'k', "\r\n");
    get_miss_ = template_of("get ", 'm', "\r\n");
    next_key_ = template_of(" ", 'k', "");
    for (const std::uint64_t size_bytes : pool.sizes()) {
        if (size_bytes > wire::value_bytes_max)
            throw usage_error(fmt::format("a value has at most {} bytes", wire::value_bytes_max));
        sets_.push_back(template_of("set ", 'k', fmt::format(" 0 0 {}\r\n", size_bytes)));
        noreply_sets_.push_back(template_of("set ", 'k', fmt::format(" 0 0 {} noreply\r\n", size_bytes)));
        headers_.push_back(template_of("VALUE ", 'k', fmt::format(" 0 {}\r\n", size_bytes)));
        next_headers_.push_back(template_of("\r\nVALUE ", 'k', fmt::format(" 0 {}\r\n", size_bytes)));
    }
}

MemcachedText::Template MemcachedText::template_of(const std::string& before, char prefix, const std::string& after) const {
    return {before + prefix + std::string(key_bytes_ - 1, '0') + after, before.size() + key_bytes_};
}

void MemcachedText::append(std::string& to, const Template& from, std::uint64_t key) const {
    const std::size_t begin = to.size();
    to += from.text;
    write_digits(to.data() + begin + from.digits_end, key);
}

void MemcachedText::append_request(std::string& to, const DrawnRequest& request) const {
    switch (request.operation) {
        case Operation::get_hit:
            return append(to, get_hit_, request.key);
        case Operation::get_miss:
            return append(to, get_miss_, request.key);
        case Operation::mget:
            to += "get";
            for (std::uint64_t next = 0; next < Workload::mget_keys; ++next)
                append(to, next_key_, (request.key + next) % key_count_);
            to += wire::line_end;
            return;
        case Operation::set:
        case Operation::set_noreply: {
            const auto& templates = request.operation == Operation::set ? sets_ : noreply_sets_;
            append(to, templates[size_index(request.key)], request.key);
            to.append(pool_.text(request.key, request.version), pool_.size_bytes(request.key));
            to += wire::line_end;
            return;
        }
        case Operation::delete_hit:
            break;  // refused by make_protocol
    }
}

void MemcachedText::add_header(ExpectedReply& reply, const Template& from, std::uint64_t key) const {
    char* const text = reply.room(from.text.size());
    std::memcpy(text, from.text.data(), from.text.size());
    write_digits(text + from.digits_end, key);
    reply.add({text, from.text.size()});
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
        case Operation::set_noreply:
        case Operation::delete_hit:
            break;  // none
    }
}

std::unique_ptr<Protocol> make_protocol(const LoadPlan& plan, const ValuePool& pool) {
    for (const LoadPlan::Share& share : plan.mix) {
        if (share.operation == Operation::delete_hit)
            throw usage_error("delete under load: a key can be deleted once only, so most of them would find nothing");
    }
    return std::make_unique<MemcachedText>(plan, pool);
}

}  // namespace tare
