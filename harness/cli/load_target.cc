// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/load_target.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

#include "core/error.h"
#include "core/nearest_name.h"

namespace tare::cli {
namespace {

struct Scheme {
    std::string_view name;
    ProtocolKind protocol;
    std::uint16_t port;  // unless the URL has one
};
constexpr std::array schemes{Scheme{"http", ProtocolKind::http, 80}, Scheme{"memcached", ProtocolKind::memcached, 11211},
                             Scheme{"redis", ProtocolKind::resp, 6379}, Scheme{"resp", ProtocolKind::resp, 6379}};

Error refused(const std::string& text, const std::string& why) {
    return usage_error(
        fmt::format("'{}': {}\na target is http://HOST[:PORT][/FOLDER], redis://HOST[:PORT], "
                    "memcached://HOST[:PORT], unix:///PATH, or HOST:PORT",
                    text, why));
}

const Scheme& scheme_named(const std::string& text, std::string_view name) {
    for (const Scheme& scheme : schemes) {
        if (scheme.name == name) return scheme;
    }
    if (name == "https" || name == "rediss") throw refused(text, "tare load speaks no TLS");
    throw refused(text, fmt::format("'{}' is no scheme{}", name, did_you_mean(name, schemes)));
}

struct HostAndPort {
    std::string host;
    std::uint16_t port = 0;  // 0: none
};

// "localhost:80", "[::1]:80", "10.0.0.1"
HostAndPort host_and_port(const std::string& text, std::string_view authority) {
    HostAndPort place;
    const bool is_bracketed = authority.starts_with('[');
    const std::size_t host_end = is_bracketed ? authority.find(']') : std::min(authority.rfind(':'), authority.size());
    if (host_end == std::string_view::npos) throw refused(text, "its bracket does not close");
    place.host = is_bracketed ? authority.substr(1, host_end - 1) : authority.substr(0, host_end);
    std::string_view rest = authority.substr(std::min(authority.size(), host_end + (is_bracketed ? 1 : 0)));
    if (place.host.empty()) throw refused(text, "it names no host");
    if (rest.empty()) return place;
    rest.remove_prefix(1);
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), place.port);
    if (error != std::errc{} || end != rest.data() + rest.size() || place.port == 0)
        throw refused(text, fmt::format("'{}' is no port", rest));
    return place;
}

}  // namespace

LoadTarget parse_target(const std::string& text) {
    LoadTarget target;
    const std::size_t mark = text.find("://");
    if (text.starts_with("unix:")) {
        target.endpoint.transport = Transport::unix_stream;
        target.endpoint.path = text.substr(mark == std::string::npos ? std::string_view("unix:").size() : mark + 3);
        if (target.endpoint.path.empty()) throw refused(text, "it names no socket");
        return target;
    }
    const Scheme* const scheme =
        mark == std::string::npos ? nullptr : &scheme_named(text, std::string_view(text).substr(0, mark));
    const std::string_view rest = std::string_view(text).substr(scheme == nullptr ? 0 : mark + 3);
    const std::size_t authority_end = std::min(rest.find('/'), rest.size());
    const HostAndPort place = host_and_port(text, rest.substr(0, authority_end));
    const std::string path(rest.substr(authority_end));
    if (scheme == nullptr && place.port == 0) throw refused(text, "it names no port");
    if (path.size() > 1 && (scheme == nullptr || scheme->protocol != ProtocolKind::http))
        throw refused(text, fmt::format("only http has a folder: '{}'", path));
    target.endpoint.port = place.port != 0 ? place.port : scheme->port;
    target.endpoint.host = address_of(place.host);
    if (scheme != nullptr) target.protocol = scheme->protocol;
    target.http.host = rest.substr(0, authority_end);
    if (!path.empty()) target.http.folder = path.ends_with('/') ? path : path + "/";
    return target;
}

}  // namespace tare::cli
