// SPDX-License-Identifier: Apache-2.0
// Requests in, replies out, by the decisions of one rung. No sockets: the loops of epoll/ and uring/ bring the bytes.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/operation.h"
#include "core/wire/reply.h"
#include "core/wire/request.h"
#include "core/wire/shape.h"
#include "servers/path/byte_buffer.h"
#include "servers/path/served.h"
#include "servers/path/store.h"

namespace tare {

template <class Rung>
class RequestPath {
public:
    static constexpr std::string_view name = Rung::name;
    static constexpr std::string_view description = Rung::description;
    using Output = typename Rung::Value::Output;

    explicit RequestPath(Store& store) : store_(store) {}

    // Serves every whole request of `accumulated` and appends the replies to `output`.
    Served serve(Session& session, std::string_view accumulated, Output& output) {
        const std::size_t swallowed_bytes = std::min(session.swallow_bytes, accumulated.size());
        session.swallow_bytes -= swallowed_bytes;
        accumulated.remove_prefix(swallowed_bytes);
        if (accumulated.size() < session.needed_bytes) return {.consumed_bytes = swallowed_bytes};

        const typename Rung::Input input(accumulated);
        std::string_view unread = input.view();
        Served served;
        while (served.next == Next::read) {
            if (output.size_bytes() > output_bytes_max) {
                served.next = Next::drain;
                break;
            }
            const wire::Parsed request = wire::parse(unread);
            if (request.kind == wire::Kind::incomplete) {
                session.needed_bytes = request.needed_bytes;
                break;
            }
            session.needed_bytes = 1;
            served.next = execute(request, output);
            unread.remove_prefix(request.consumed_bytes);
            session.swallow_bytes = std::max(request.swallow_bytes, unread.size()) - unread.size();
            unread.remove_prefix(std::min(request.swallow_bytes, unread.size()));
        }
        served.consumed_bytes = swallowed_bytes + (accumulated.size() - unread.size());
        return served;
    }

    // What the requests of one read add in user space when they arrive whole and alone.
    static constexpr Counts cost(const Workload& workload);

private:
    Next execute(const wire::Parsed& request, Output& output) {
        Ledger::request();
        switch (request.kind) {
            case wire::Kind::get:
                get(request, output);
                break;
            case wire::Kind::set:
                set(request, output);
                break;
            case wire::Kind::delete_key:
                reply(store_.erase(request.key) ? wire::deleted : wire::not_found, request.noreply, output);
                break;
            case wire::Kind::version:
                reply(wire::version, false, output);
                break;
            case wire::Kind::refused:
                if (!request.key.empty()) store_.erase(request.key);
                reply(request.error, request.noreply, output);
                break;
            case wire::Kind::incomplete:
            case wire::Kind::quit:
            case wire::Kind::close:
                return Next::close;
        }
        return Next::read;
    }

    void get(const wire::Parsed& request, Output& output) {
        typename Rung::Reply::template Writer<Output> reply(output);
        Rung::Keys::for_each(request.keys, [&](std::string_view key) {
            Item* const item = store_.find(key);
            if (item == nullptr) return;
            reply.header(key, item->flags, item->value_bytes);
            Rung::Value::write(reply, store_, *item);
            reply.value_end();
        });
        reply.end();
        reply.finish();
    }

    void set(const wire::Parsed& request, Output& output) {
        const bool stored = store_.set(request.key, request.value, request.flags, request.expiry_s);
        reply(stored ? wire::stored : wire::out_of_memory, request.noreply, output);
    }

    // execute_command() makes its response either way; with noreply it stays empty.
    void reply(std::string_view line, bool noreply, Output& output) {
        typename Rung::Reply::template Writer<Output> reply(output);
        if (!noreply) reply.status(line);
        reply.finish();
    }

    Store& store_;
};

template <class Rung>
constexpr Counts RequestPath<Rung>::cost(const Workload& workload) {
    const wire::ReplyShape shape = wire::reply_shape(workload);
    Counts request = Rung::Reply::cost(shape, Rung::Value::copied_by_reply);
    switch (workload.operation) {
        case Operation::get_hit:
        case Operation::get_miss:
        case Operation::mget:
            request += Rung::Keys::cost(workload.keys());
            break;
        case Operation::set:
        case Operation::set_noreply:
            request += Store::set_cost(workload.key_bytes, workload.value_bytes);
            break;
        case Operation::delete_hit:
            break;
    }
    for (std::size_t value = 0; value < shape.values; ++value) request += Rung::Value::cost(workload.value_bytes);
    Counts batch = Rung::Input::cost(wire::request_bytes(workload) * workload.pipeline);
    for (std::size_t index = 0; index < workload.pipeline; ++index) batch += request;
    return batch;
}

}  // namespace tare
