// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/resp_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace tare {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view nothing_found = "$-1\r\n";
constexpr std::string_view done = "+OK\r\n";

}  // namespace

RespText::RespText(const LoadPlan& plan, const ValuePool& pool)
    : pool_(pool), values_change_(std::any_of(plan.mix.begin(), plan.mix.end(), [](const LoadPlan::Share& share) {
          return share.operation == Operation::set;
      })) {
    const std::string get = fmt::format("*2\r\n$3\r\nGET\r\n${}\r\n", plan.key_bytes);
    const std::string set = fmt::format("*3\r\n$3\r\nSET\r\n${}\r\n", plan.key_bytes);
    get_hit_ = KeyTemplate(get, 'k', plan.key_bytes, "\r\n");
    get_miss_ = KeyTemplate(get, 'm', plan.key_bytes, "\r\n");
    for (const std::uint64_t size_bytes : pool.sizes()) {
        headers_.push_back(fmt::format("${}\r\n", size_bytes));
        sets_.emplace_back(set, 'k', plan.key_bytes, "\r\n" + headers_.back());
    }
}

void RespText::append_request(std::string& to, const DrawnRequest& request) const {
    if (request.operation == Operation::get_hit) return get_hit_.append(to, request.key);
    if (request.operation == Operation::get_miss) return get_miss_.append(to, request.key);
    sets_[size_index(request.key)].append(to, request.key);
    to.append(pool_.text(request.key, request.version), pool_.size_bytes(request.key));
    to += line_end;
}

void RespText::describe_reply(const DrawnRequest& request, ExpectedReply& reply) const {
    reply.clear();
    if (request.operation == Operation::get_miss) return reply.add(nothing_found);
    if (request.operation == Operation::set) return reply.add(done);
    const std::string_view first(pool_.text(request.key, 0), pool_.size_bytes(request.key));
    reply.add(headers_[size_index(request.key)]);
    if (values_change_)
        reply.add_either(first, pool_.text(request.key, 1));
    else
        reply.add(first);
    reply.add(line_end);
}

}  // namespace tare
