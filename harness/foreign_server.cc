// SPDX-License-Identifier: Apache-2.0
#include "harness/foreign_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>

#include "core/error.h"
#include "core/owned_fd.h"
#include "harness/subprocess.h"

namespace tare {

namespace {

constexpr std::string_view root_mark = "{root}";

void fill_in(std::vector<std::string>& words, std::string_view mark, const std::string& text) {
    for (std::string& word : words) {
        for (std::size_t at = word.find(mark); at != std::string::npos; at = word.find(mark, at + text.size()))
            word.replace(at, mark.size(), text);
    }
}

}  // namespace

bool needs_root(const ForeignServer& server) {
    return server.instead.empty() && std::any_of(server.argv.begin(), server.argv.end(), [](const std::string& word) {
               return word.find(root_mark) != std::string::npos;
           });
}

void give_root(std::map<std::string, ForeignServer>& servers, const std::string& root) {
    if (!root.empty() && !std::filesystem::is_directory(root)) throw usage_error(root + ": no such folder");
    for (auto& [name, server] : servers) {
        if (root.empty() && needs_root(server))
            throw usage_error("server '" + name + "' is started from {root}: say which folder that is with --root DIR");
        server.root = root.empty() ? "" : std::filesystem::canonical(root).string();
    }
}

std::vector<std::string> command_line(const ForeignServer& server, std::uint16_t port) {
    std::vector<std::string> words = server.instead.empty() ? server.argv : server.instead;
    fill_in(words, root_mark, server.root);
    fill_in(words, "{port}", std::to_string(port));
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
        std::vector<std::string> command = server.version;
        fill_in(command, root_mark, server.root);
        const std::string text = output_of(command);
        return text.substr(0, text.find('\n'));
    } catch (const Error& error) {
        return std::string("absent:") + error.what();
    }
}

}  // namespace tare
