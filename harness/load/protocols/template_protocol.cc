// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/template_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.h"

namespace tare {
namespace {

using Kind = TemplateText::Kind;

bool fits(std::uint64_t number, NumberFormat format) {
    return format.width_bytes == 0 || format.width_bytes == 8 || number >> (8 * format.width_bytes) == 0;
}

}  // namespace

TemplateProtocol::TemplateProtocol(const LoadPlan& plan, const ValuePool& pool)
    : pool_(pool), protocol_(plan.protocol.own), key_("", 'k', plan.key_bytes, "") {
    for (const TemplateOperation& each : protocol_->operations)
        statuses_.push_back(fmt::format("HTTP/1.1 {} ", each.reply.http_status));
    check_sizes(plan);
}

void TemplateProtocol::check_sizes(const LoadPlan& plan) const {
    const std::uint64_t value_bytes = *std::max_element(plan.value_bytes.begin(), plan.value_bytes.end());
    for (const LoadPlan::Share& share : plan.mix) {
        const TemplateOperation& each = protocol_->operations[own_place(share.operation)];
        std::string longest;
        append(longest, each.request, {plan.key_count - 1, share.operation});
        for (const TemplateText* const text : {&each.request, &each.reply.text}) {
            for (const TemplateText::Piece& piece : text->pieces()) {
                const std::uint64_t most = piece.kind == Kind::value_bytes  ? value_bytes
                                           : piece.kind == Kind::number     ? plan.key_count - 1
                                           : piece.kind == Kind::rest_bytes ? longest.size() + value_bytes
                                                                            : 0;
                if (!fits(most, piece.format))
                    throw usage_error(fmt::format("protocol {}, {}: {} does not fit into {} bytes", protocol_->name, each.name,
                                                  most, piece.format.width_bytes));
            }
        }
        if (each.reply.text.least_bytes() + (each.reply.text.has(Kind::value) ? value_bytes : 0) > each.reply.bytes_max)
            throw usage_error(fmt::format("protocol {}, {}: a reply with a value of {} bytes is longer than its max_bytes, {}",
                                          protocol_->name, each.name, value_bytes, each.reply.bytes_max));
    }
}

void TemplateProtocol::append_request(std::string& to, const DrawnRequest& request) const {
    append(to, operation(request).request, request);
}

void TemplateProtocol::append(std::string& to, const TemplateText& text, const DrawnRequest& request) const {
    std::vector<std::pair<std::size_t, NumberFormat>> rests;  // where one stands
    for (const TemplateText::Piece& piece : text.pieces()) {
        switch (piece.kind) {
            case Kind::literal:
                to += piece.text;
                break;
            case Kind::key:
                key_.append(to, request.key);
                break;
            case Kind::value:
                to.append(pool_.text(request.key, request.version), pool_.size_bytes(request.key));
                break;
            case Kind::value_bytes:
                append_number(to, pool_.size_bytes(request.key), piece.format);
                break;
            case Kind::number:
                append_number(to, request.key, piece.format);
                break;
            case Kind::rest_bytes:
                rests.emplace_back(to.size(), piece.format);
                to.append(piece.format.width_bytes, '\0');
                break;
        }
    }
    for (const auto& [at, format] : rests) {
        std::string number;
        append_number(number, to.size() - at - format.width_bytes, format);
        to.replace(at, number.size(), number);
    }
}

void TemplateProtocol::add(ExpectedReply& reply, const TemplateText& text, const DrawnRequest& request) const {
    const auto add_text = [&](const std::string& written) {
        char* const room = reply.room(written.size());
        std::copy(written.begin(), written.end(), room);
        reply.add({room, written.size()});
    };
    for (const TemplateText::Piece& piece : text.pieces()) {
        if (piece.kind == Kind::literal) {
            reply.add(piece.text);
        } else if (piece.kind == Kind::value) {
            reply.add({pool_.text(request.key, request.version), pool_.size_bytes(request.key)});
        } else {
            std::string written;
            if (piece.kind == Kind::key)
                key_.append(written, request.key);
            else
                append_number(written, piece.kind == Kind::number ? request.key : pool_.size_bytes(request.key), piece.format);
            add_text(written);
        }
    }
}

std::size_t TemplateProtocol::size_bytes(const TemplateText& text, const DrawnRequest& request) const {
    std::string written;
    append(written, text, request);
    return written.size();
}

void TemplateProtocol::describe_reply(const DrawnRequest& request, ExpectedReply& reply) const {
    reply.clear();
    const ReplyRule& rule = operation(request).reply;
    if (rule.kind == ReplyRule::Kind::http) {
        reply.add(statuses_[own_place(request.operation)]);
        if (rule.text.empty()) return reply.add_headers_and_body(rule.bytes_max);
        reply.add_headers(size_bytes(rule.text, request));
    }
    add(reply, rule.text, request);
    if (rule.kind != ReplyRule::Kind::exact && rule.kind != ReplyRule::Kind::http) reply.add_ruled(rule);
}

}  // namespace tare
