// SPDX-License-Identifier: Apache-2.0
// What a load generator is to do: who is asked, for what, how often, and over how many connections. Data only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/operation.h"
#include "harness/load/client_io.h"
#include "harness/load/endpoint.h"
#include "harness/load/protocols/protocol_kind.h"

namespace tare {

enum class Arrivals : std::uint8_t { poisson, constant };

// Which keys are asked for: each as often as every other, or the first ones more often.
struct Popularity {
    std::optional<double> zipf_exponent;  // nothing: uniform
    friend bool operator==(const Popularity&, const Popularity&) = default;
};

// Of an HTTP server: what it is called in requests, and below which folder of it the keys are.
struct HttpPlace {
    std::string host = "127.0.0.1";
    std::string folder = "/";
};

struct LoadPlan {
    Endpoint server;
    SpokenProtocol protocol;
    HttpPlace http;
    std::filesystem::path files;  // of an HTTP server: where it looks for the keys, whose values are written there

    struct Share {
        Operation operation = Operation::get_hit;
        double weight = 1;
    };
    std::vector<Share> mix{Share{}};
    std::uint64_t key_bytes = 16;
    std::uint64_t key_count = 1000;
    std::vector<std::uint64_t> value_bytes{64};  // key number i has the size at i modulo the list's length
    Popularity popularity;

    std::uint64_t connections = 1;  // of all threads together
    std::uint64_t pipeline = 1;     // requests in flight on one connection, at most
    std::vector<int> cpus;          // one thread for each, pinned to it; empty: one thread, where the scheduler puts it
    std::uint64_t seed = 1;         // of everything that is drawn at random
    ClientIo client_io = ClientIo::automatic;
};

// One window of load on open connections. Closed loop: a reply makes room for the next request. Open loop: requests are
// due at their own times, whatever the server does; one that finds no room waits, and its latency counts from when it was due.
struct LoadWindow {
    std::uint64_t duration_ns = 0;  // requests are sent for so long; then those in flight are awaited
    std::uint64_t requests = 0;     // or so many requests, if not 0
    struct OpenLoop {
        double rate_per_s = 0;
        Arrivals arrivals = Arrivals::poisson;
    };
    std::optional<OpenLoop> open_loop;
};

}  // namespace tare
