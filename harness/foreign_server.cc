// SPDX-License-Identifier: Apache-2.0
#include "harness/foreign_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/subprocess.h"

namespace tare {

std::vector<std::string> command_line(const ForeignServer& server, std::uint16_t port) {
    constexpr std::string_view mark = "{port}";
    std::vector<std::string> words = server.argv;
    for (std::string& word : words) {
        for (std::size_t at = word.find(mark); at != std::string::npos; at = word.find(mark))
            word.replace(at, mark.size(), std::to_string(port));
    }
    return words;
}

std::uint16_t free_port() {
    const OwnedFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size_bytes = sizeof(address);
    if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size_bytes) != 0)
        throw system_failed("find a free port");
    return ntohs(address.sin_port);
}

std::string version_of(const ForeignServer& server) {
    if (server.version.empty()) return "absent:the suite names no command for it";
    try {
        const std::string text = output_of(server.version);
        return text.substr(0, text.find('\n'));
    } catch (const Error& error) {
        return std::string("absent:") + error.what();
    }
}

}  // namespace tare
