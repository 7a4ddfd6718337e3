// SPDX-License-Identifier: Apache-2.0
// Makes catalogue rows of wirings and paths: the types are put together here and nowhere else.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/counts_snapshot.h"
#include "servers/catalogue.h"
#include "servers/null/null_path.h"
#include "servers/path/request_path.h"
#include "servers/type_list.h"

namespace tare {

// The prediction of a variant. What crosses the socket in more than one piece is not predicted, for how many pieces there
// are is the socket's choice: a larger reply decides the calls, a larger request also how often its begin is looked at.
template <class Loop, class Path>
Snapshot predict(const Workload& workload) {
    const std::size_t request_size_bytes = wire::request_bytes(workload) * workload.pipeline;
    const std::size_t reply_size_bytes = wire::reply_shape(workload).size_bytes() * workload.pipeline;
    Snapshot prediction = snapshot_of(Loop::cost(request_size_bytes, reply_size_bytes) + Path::cost(workload));
    const auto by_pieces = [&](const Quantity& quantity, const Measured<std::uint64_t>& reading) {
        if (reading == Measured<std::uint64_t>(0)) return false;
        const bool by_call = quantity.metric == "syscalls" || quantity.metric == "sqes" || quantity.metric == "cqes";
        return request_size_bytes > buffer_bytes || (by_call && reply_size_bytes > buffer_bytes);
    };
    Snapshot known;
    for (const auto& [quantity, reading] : prediction) {
        if (!by_pieces(quantity, reading))
            known.set(quantity, reading);
        else if (quantity.detail.empty())
            known.set(quantity, Absent{"larger than the 64 KiB buffer: the socket decides the number of pieces"});
    }
    return known;
}

// A path by itself needs no store; a path that serves requests has one of its own.
template <class Path>
struct OwnedPath {
    explicit OwnedPath(const ServerOptions& options) : path(options) {}
    Path path;
};

template <class Rung>
struct OwnedPath<RequestPath<Rung>> {
    explicit OwnedPath(const ServerOptions& options) : store(options.memory_bytes), path(store) {}
    Store store;
    RequestPath<Rung> path;
};

template <template <class, class> class Loop, class Wiring, class Path>
void run(const Listener& listener, const ServerOptions& options, std::string_view name) {
    OwnedPath<Path> owned(options);
    Loop<Wiring, Path> loop(listener, owned.path, options);
    announce_ready(listener, name, loop.spins());
    loop.run();
}

template <template <class, class> class Loop, class Wiring, class Path>
Variant variant_of(std::string_view server, std::string_view wiring, std::string_view rung) {
    return {fmt::format("{}/{}/{}", server, wiring, rung), fmt::format("{}; {}", Wiring::description, Path::description),
            run<Loop, Wiring, Path>, predict<Loop<Wiring, Path>, Path>};
}

// One wiring on every rung, and on the null path, whose variants are named null/SERVER_WIRING/fixed_reply.
template <template <class, class> class Loop, class Wiring, class... Rungs>
void add_wiring(std::vector<Variant>& rows, std::string_view server, TypeList<Rungs...>) {
    (rows.push_back(variant_of<Loop, Wiring, RequestPath<Rungs>>(server, Wiring::name, Rungs::name)), ...);
    rows.push_back(variant_of<Loop, Wiring, NullPath>("null", fmt::format("{}_{}", server, Wiring::name), NullPath::name));
}

template <template <class, class> class Loop, class... Wirings, class Rungs>
void add_all(std::vector<Variant>& rows, std::string_view server, TypeList<Wirings...>, Rungs rungs) {
    (add_wiring<Loop, Wirings>(rows, server, rungs), ...);
}

}  // namespace tare
