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

#include "core/measured.h"
#include "harness/load/endpoint.h"
#include "harness/load/protocols/protocol_kind.h"

namespace tare {

// In argv, config and files `{port}` stands for the port, `{dir}` for a folder that lives as long as the server and `{socket}`
// for its Unix socket; in argv `{config}` for the file that the config is written to.
struct ExternalServer {
    std::vector<std::string> argv = {};     // executed as it is, without a shell; `{root}` stands for `root`
    std::vector<std::string> version = {};  // a command that prints the version; empty for none
    SpokenProtocol protocol = {};
    std::string files = {};   // the folder in which an HTTP server looks for keys; the load generator writes them there
    std::string config = {};  // the text of a configuration file; empty for none
    Transport transport = Transport::tcp;
    std::string socket = {};                // the path of its Unix socket, for transport unix
    std::string root = {};                  // the folder of one build of the server
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
std::vector<std::string> command_line(const ExternalServer& server, const Endpoint& endpoint, ServerFolder& folder);

// Where it is to listen: a free port, and a path for its socket where it has one. Throws run_failed as free_port() does.
Endpoint new_endpoint(const ExternalServer& server, ServerFolder& folder);

// Where the server looks for the keys' files; empty for one that has none.
std::filesystem::path files_of(const ExternalServer& server, ServerFolder& folder);

// The first line that the version command prints, or why there is none.
Measured<std::string> version_of(const ExternalServer& server);

}  // namespace tare
