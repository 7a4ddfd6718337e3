// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/http_text.h"

#include <fmt/format.h>

#include <fstream>

#include "core/error.h"

namespace tare {
namespace {

constexpr std::string_view found = "HTTP/1.1 200 ";
constexpr std::string_view not_found = "HTTP/1.1 404 ";
const std::string after_path = " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

}  // namespace

HttpText::HttpText(const LoadPlan& plan, const ValuePool& pool)
    : pool_(pool), get_hit_("GET /", 'k', plan.key_bytes, after_path), get_miss_("GET /", 'm', plan.key_bytes, after_path) {}

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

void write_value_files(const LoadPlan& plan, const ValuePool& pool) {
    if (plan.files.empty()) throw usage_error("an HTTP server needs a folder of files, in which the keys are to be found");
    const KeyTemplate name("", 'k', plan.key_bytes, "");
    for (std::uint64_t key = 0; key < plan.key_count; ++key) {
        std::string file;
        name.append(file, key);
        std::ofstream out(plan.files / file, std::ios::binary | std::ios::trunc);
        out.write(pool.text(key, 0), static_cast<std::streamsize>(pool.size_bytes(key)));
        out.close();
        if (!out) throw run_failed(fmt::format("cannot write {}", (plan.files / file).string()));
    }
}

}  // namespace tare
