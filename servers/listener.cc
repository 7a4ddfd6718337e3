// SPDX-License-Identifier: Apache-2.0
#include "servers/listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "core/error.h"
#include "core/ledger.h"
#include "core/output.h"
#include "core/row_terms.h"

namespace tare {

volatile std::sig_atomic_t stop_requested = 0;

Listener listen_on_loopback(std::uint16_t port) {
    const std::string where = "127.0.0.1:" + std::to_string(port);
    OwnedFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!fd) throw system_failed("socket");
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    // No delay before small replies, as every cache server sets it; connections inherit it from their listener.
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) throw system_failed("bind " + where);
    if (::listen(fd.get(), SOMAXCONN) != 0) throw system_failed("listen " + where);
    socklen_t size_bytes = sizeof(address);
    if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size_bytes) != 0)
        throw system_failed("getsockname " + where);
    return {std::move(fd), ntohs(address.sin_port)};
}

void catch_stop_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { stop_requested = 1; };
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
}

void announce_ready(const Listener& listener, std::string_view variant, bool spins) {
    write_stdout("ready port=" + std::to_string(listener.port) + " pid=" + std::to_string(::getpid()) +
                 " build=" + std::string(name_of(Ledger::counts ? Build::counted : Build::timed)) +
                 " variant=" + std::string(variant) + " rest=" + (spins ? "spins" : "sleeps") + "\n");
}

}  // namespace tare
