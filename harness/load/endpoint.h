// SPDX-License-Identifier: Apache-2.0
// Where a server is reached, and how long a client waits for it.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tare {

enum class Transport : std::uint8_t { tcp, unix_stream, udp };

inline constexpr std::array<std::string_view, 3> transport_names{"tcp", "unix", "udp"};

constexpr std::string_view name_of(Transport transport) { return transport_names[static_cast<std::size_t>(transport)]; }

constexpr std::optional<Transport> transport_named(std::string_view name) {
    for (std::size_t index = 0; index < transport_names.size(); ++index) {
        if (transport_names[index] == name) return static_cast<Transport>(index);
    }
    return std::nullopt;
}

// The longest that a client waits for anything, unless it is told otherwise: a connection, room to send, a reply.
inline constexpr std::chrono::seconds client_wait_max{5};

struct Endpoint {
    Endpoint(std::uint16_t tcp_port = 0) : port(tcp_port) {}  // NOLINT(google-explicit-constructor): on 127.0.0.1

    Transport transport = Transport::tcp;
    std::uint16_t port = 0;          // of tcp and udp
    std::string host = "127.0.0.1";  // of tcp and udp: an address of IPv4 or IPv6
    std::string path = {};           // of unix
    std::chrono::milliseconds wait_max = client_wait_max;

    // Whether bytes come in the pieces that they were sent in.
    bool has_datagrams() const { return transport == Transport::udp; }
};

// The first address of a host, which may be one already. Throws usage_error when it has none.
std::string address_of(const std::string& host);

// "127.0.0.1:80", "[::1]:80", "udp 127.0.0.1:53", or the path of a socket.
std::string to_string(const Endpoint& endpoint);

// "5 s", "0.2 s"
std::string text_of_wait(const Endpoint& endpoint);

// Whether a server can be reached there: it accepts, or has bound its UDP port.
bool is_served(const Endpoint& endpoint);

// A port on 127.0.0.1 that nobody has at this moment, of TCP and UDP alike. Throws run_failed when there is none.
std::uint16_t free_port();

}  // namespace tare
