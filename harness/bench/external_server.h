// SPDX-License-Identifier: Apache-2.0
// A server that is not ours, as a suite describes it: how to start it, what it speaks, which files it needs, and how to ask it
// for its version.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/load/protocols/protocol_kind.h"

namespace tare {

// In argv, config and files `{port}` stands for the port and `{dir}` for a folder that lives as long as the server; in argv
// `{config}` for the file that the config is written to.
struct ExternalServer {
    std::vector<std::string> argv;     // executed as it is, without a shell; `{root}` stands for `root`
    std::vector<std::string> version;  // a command that prints the version; empty for none
    ProtocolKind protocol = ProtocolKind::memcached;
    std::string files;      // the folder in which an HTTP server looks for keys; the load generator writes them there
    std::string config;     // the text of a configuration file; empty for none
    std::string root = {};  // the folder of one build of the server
    std::vector<std::string> instead = {};  // executed in argv's place; empty for argv
};

// Whether it is a server of a folder that the suite does not name: `{root}` stands in its argv.
bool needs_root(const ExternalServer& server);

// Says which folder `{root}` is. Throws usage_error when a server needs one and `root` is empty, or is no folder.
void give_root(std::map<std::string, ExternalServer>& servers, const std::string& root);

// A temporary folder: made when it is first asked for, removed with all that is in it at the end.
class ServerFolder {
public:
    ServerFolder() = default;
    ServerFolder(const ServerFolder&) = delete;
    ServerFolder& operator=(const ServerFolder&) = delete;
    ~ServerFolder();

    // Throws run_failed when it cannot be made.
    const std::filesystem::path& path();

private:
    std::filesystem::path path_;
};

// The program that it is started by, with `{root}` filled in.
std::string program_of(const ExternalServer& server);

// Its command line, with everything filled in and its configuration and folders made. Throws run_failed when that is not
// possible.
std::vector<std::string> command_line(const ExternalServer& server, std::uint16_t port, ServerFolder& folder);

// Where the server looks for the keys' files; empty for one that has none.
std::filesystem::path files_of(const ExternalServer& server, ServerFolder& folder);

// A port on 127.0.0.1 that nobody listens on at this moment. Throws run_failed when there is none.
std::uint16_t free_port();

// The first line that the version command prints, or why there is none: "absent:" and the reason.
std::string version_of(const ExternalServer& server);

}  // namespace tare
