// SPDX-License-Identifier: Apache-2.0
#include "harness/load/connect.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>

#include "core/error.h"

namespace tare {
namespace {

void set_option(const OwnedFd& fd, int level, int name, const auto& value) {
    if (::setsockopt(fd.get(), level, name, &value, sizeof(value)) != 0) throw system_failed("setsockopt");
}

int connect_unix(const OwnedFd& fd, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path))
        throw run_failed(fmt::format("connect {}: a socket's path has at most {} bytes", path, sizeof(address.sun_path) - 1));
    std::copy(path.begin(), path.end(), address.sun_path);
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

bool is_ipv6(const Endpoint& endpoint) { return endpoint.host.find(':') != std::string::npos; }

int connect_ipv4(const OwnedFd& fd, const Endpoint& endpoint) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(endpoint.port);
    if (::inet_pton(AF_INET, endpoint.host.c_str(), &address.sin_addr) != 1)
        throw usage_error(fmt::format("'{}' is no address", endpoint.host));
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

int connect_ipv6(const OwnedFd& fd, const Endpoint& endpoint) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(endpoint.port);
    // fe80::1%eth0: an address of a link names its interface.
    const std::size_t scope = std::min(endpoint.host.find('%'), endpoint.host.size());
    if (scope < endpoint.host.size()) address.sin6_scope_id = ::if_nametoindex(endpoint.host.c_str() + scope + 1);
    if (::inet_pton(AF_INET6, endpoint.host.substr(0, scope).c_str(), &address.sin6_addr) != 1)
        throw usage_error(fmt::format("'{}' is no address", endpoint.host));
    return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

int connect_inet(const OwnedFd& fd, const Endpoint& endpoint) {
    return is_ipv6(endpoint) ? connect_ipv6(fd, endpoint) : connect_ipv4(fd, endpoint);
}

}  // namespace

OwnedFd connect_to(const Endpoint& endpoint) {
    const bool is_unix = endpoint.transport == Transport::unix_stream;
    const int family = is_unix ? AF_UNIX : is_ipv6(endpoint) ? AF_INET6 : AF_INET;
    OwnedFd fd{::socket(family, (endpoint.has_datagrams() ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0)};
    if (!fd) throw system_failed("socket");
    const auto microseconds = std::chrono::microseconds(endpoint.wait_max).count();
    const timeval limit{microseconds / 1'000'000, microseconds % 1'000'000};
    set_option(fd, SOL_SOCKET, SO_RCVTIMEO, limit);
    set_option(fd, SOL_SOCKET, SO_SNDTIMEO, limit);  // of connect, too: with a full backlog it would try for two minutes
    if (endpoint.transport == Transport::tcp) set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    if ((is_unix ? connect_unix(fd, endpoint.path) : connect_inet(fd, endpoint)) == 0) return fd;
    if (errno == EINPROGRESS || errno == EAGAIN)
        throw run_failed(fmt::format("connect {}: not accepted within {}", to_string(endpoint), text_of_wait(endpoint)));
    throw system_failed(fmt::format("connect {}", to_string(endpoint)));
}

}  // namespace tare
