// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/http_text.h"

namespace tare {
namespace {

constexpr std::string_view found = "HTTP/1.1 200 ";
constexpr std::string_view not_found = "HTTP/1.1 404 ";

std::string before_key(const LoadPlan& plan) { return "GET " + plan.http.folder; }

std::string after_key(const LoadPlan& plan) { return " HTTP/1.1\r\nHost: " + plan.http.host + "\r\n\r\n"; }

}  // namespace

HttpText::HttpText(const LoadPlan& plan, const ValuePool& pool)
    : pool_(pool),
      get_hit_(before_key(plan), 'k', plan.key_bytes, after_key(plan)),
      get_miss_(before_key(plan), 'm', plan.key_bytes, after_key(plan)) {}

void HttpText::append_request(std::string& to, const DrawnRequest& request) const {
    (request.operation == Operation::get_hit ? get_hit_ : get_miss_).append(to, request.key);
}

void HttpText::describe_reply(const DrawnRequest& request, ExpectedReply& reply) const {
    reply.clear();
    if (request.operation == Operation::get_miss) {
        reply.add(not_found);
        return reply.add_headers_and_body();
    }
    const std::size_t size_bytes = pool_.size_bytes(request.key);
    reply.add(found);
    reply.add_headers(size_bytes);
    reply.add({pool_.text(request.key, 0), size_bytes});
}

}  // namespace tare
