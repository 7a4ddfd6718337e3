// SPDX-License-Identifier: Apache-2.0
#include "harness/load/protocols/spoken_at.h"

#include <sys/socket.h>

#include <array>
#include <string_view>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/load/connect.h"

namespace tare {
namespace {

struct Greeting {
    ProtocolKind protocol;
    std::string_view request;
    std::string_view begin_of_reply;
};
// redis takes a Host: header for an attack and logs it, so HTTP comes last.
constexpr std::array greetings{Greeting{ProtocolKind::memcached, "version\r\n", "VERSION "},
                               Greeting{ProtocolKind::resp, "*1\r\n$4\r\nPING\r\n", "+PONG"},
                               Greeting{ProtocolKind::resp, "*1\r\n$4\r\nPING\r\n", "-NOAUTH"},
                               Greeting{ProtocolKind::http, "HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "HTTP/1."}};
constexpr std::chrono::milliseconds wait_max{500};

bool answers(const Endpoint& endpoint, const Greeting& greeting) {
    const OwnedFd fd = connect_to(endpoint);
    if (::send(fd.get(), greeting.request.data(), greeting.request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(greeting.request.size()))
        return false;
    std::array<char, 64> reply{};
    std::size_t size_bytes = 0;
    while (size_bytes < greeting.begin_of_reply.size()) {
        const ssize_t received = ::recv(fd.get(), reply.data() + size_bytes, reply.size() - size_bytes, 0);
        if (received <= 0) return false;
        size_bytes += static_cast<std::size_t>(received);
    }
    return std::string_view(reply.data(), size_bytes).starts_with(greeting.begin_of_reply);
}

}  // namespace

std::optional<ProtocolKind> spoken_at(Endpoint endpoint) {
    if (endpoint.has_datagrams()) return std::nullopt;
    endpoint.wait_max = wait_max;
    for (const Greeting& greeting : greetings) {
        try {
            if (answers(endpoint, greeting)) return greeting.protocol;
        } catch (const Error&) {
            return std::nullopt;  // nobody accepts there
        }
    }
    return std::nullopt;
}

}  // namespace tare
