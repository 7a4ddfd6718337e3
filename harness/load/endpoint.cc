// SPDX-License-Identifier: Apache-2.0
#include "harness/load/endpoint.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <fstream>
#include <memory>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/load/connect.h"

namespace tare {
namespace {

// A line of proc_net_udp(5): `  12: 0100007F:0035 00000000:0000 07 …`, and likewise with longer addresses.
bool is_bound(const char* table, std::uint16_t port) {
    std::ifstream file(table);
    const std::string wanted = fmt::format("{:04X}", port);
    std::string line;
    while (std::getline(file, line)) {
        const std::size_t address = line.find(": ");
        const std::size_t colon = address == std::string::npos ? address : line.find(':', address + 1);
        if (colon != std::string::npos && line.compare(colon + 1, wanted.size(), wanted) == 0) return true;
    }
    return false;
}

// The port that the kernel gives, or that one when it can be had.
std::optional<std::uint16_t> bound_port(int type, std::uint16_t port) {
    const OwnedFd fd{::socket(AF_INET, type | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size_bytes = sizeof(address);
    auto* const name = reinterpret_cast<sockaddr*>(&address);
    if (!fd || ::bind(fd.get(), name, size_bytes) != 0 || ::getsockname(fd.get(), name, &size_bytes) != 0) return std::nullopt;
    return ntohs(address.sin_port);
}

}  // namespace

std::string address_of(const std::string& host) {
    addrinfo* found = nullptr;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    const int fault = ::getaddrinfo(host.c_str(), nullptr, &wanted, &found);
    if (fault != 0) throw usage_error(fmt::format("host '{}': {}", host, ::gai_strerror(fault)));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    std::array<char, NI_MAXHOST> address{};
    ::getnameinfo(found->ai_addr, found->ai_addrlen, address.data(), address.size(), nullptr, 0, NI_NUMERICHOST);
    return address.data();
}

std::string to_string(const Endpoint& endpoint) {
    if (endpoint.transport == Transport::unix_stream) return endpoint.path;
    const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
    return fmt::format("{}{}:{}", endpoint.has_datagrams() ? "udp " : "", is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host,
                       endpoint.port);
}

std::string text_of_wait(const Endpoint& endpoint) {
    return fmt::format("{} s", static_cast<double>(endpoint.wait_max.count()) / 1000);
}

bool is_served(const Endpoint& endpoint) {
    if (endpoint.has_datagrams()) return is_bound("/proc/net/udp", endpoint.port) || is_bound("/proc/net/udp6", endpoint.port);
    try {
        connect_to(endpoint);
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::uint16_t free_port() {
    constexpr int tries = 100;
    for (int attempt = 0; attempt < tries; ++attempt) {
        const auto port = bound_port(SOCK_STREAM, 0);
        if (port && bound_port(SOCK_DGRAM, *port)) return *port;
    }
    throw system_failed("find a free port");
}

}  // namespace tare
