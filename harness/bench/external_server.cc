// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/external_server.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/error.h"
#include "harness/process/subprocess.h"

namespace tare {

namespace {

constexpr std::string_view root_mark = "{root}";
constexpr std::chrono::seconds version_wait_max(10);
constexpr std::size_t version_bytes_max = 200;

void replace_all(std::string& text, std::string_view mark, const std::string& meant) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + meant.size()))
        text.replace(at, mark.size(), meant);
}

// Only what asks for a folder makes one.
std::string filled_in(std::string text, const Endpoint& endpoint, ServerFolder& folder) {
    replace_all(text, "{port}", std::to_string(endpoint.port));
    replace_all(text, "{socket}", endpoint.path);
    if (text.find("{dir}") != std::string::npos) replace_all(text, "{dir}", folder.path().string());
    if (text.find("{config}") != std::string::npos) replace_all(text, "{config}", (folder.path() / "config").string());
    return text;
}

std::vector<std::string> with_root(std::vector<std::string> words, const std::string& root) {
    for (std::string& word : words) replace_all(word, root_mark, root);
    return words;
}

std::vector<std::string> rooted_argv(const ExternalServer& server) {
    return with_root(server.instead.empty() ? server.argv : server.instead, server.root);
}

}  // namespace

bool needs_root(const ExternalServer& server) {
    return server.instead.empty() && std::any_of(server.argv.begin(), server.argv.end(), [](const std::string& word) {
               return word.find(root_mark) != std::string::npos;
           });
}

void give_root(std::map<std::string, ExternalServer>& servers, const std::string& root) {
    if (!root.empty() && !std::filesystem::is_directory(root)) throw usage_error(root + ": no such folder");
    for (auto& [name, server] : servers) {
        if (root.empty() && needs_root(server))
            throw usage_error("server '" + name + "' is started from {root}: say which folder that is with --root DIR");
        server.root = root.empty() ? "" : std::filesystem::canonical(root).string();
    }
}

ServerFolder::~ServerFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

const std::filesystem::path& ServerFolder::path() {
    if (!path_.empty()) return path_;
    std::string name = std::filesystem::temp_directory_path() / "tare-server-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw system_failed("make a folder for the server");
    return path_ = name;
}

std::string program_of(const ExternalServer& server) { return rooted_argv(server).front(); }

Endpoint new_endpoint(const ExternalServer& server, ServerFolder& folder) {
    Endpoint endpoint(free_port());
    endpoint.transport = server.transport;
    if (server.transport == Transport::unix_stream)
        endpoint.path = filled_in(with_root({server.socket}, server.root).front(), endpoint, folder);
    return endpoint;
}

std::vector<std::string> command_line(const ExternalServer& server, const Endpoint& endpoint, ServerFolder& folder) {
    if (!server.config.empty()) {
        std::ofstream out(folder.path() / "config", std::ios::binary);
        out << filled_in(server.config, endpoint, folder);
        out.close();
        if (!out) throw run_failed("cannot write " + (folder.path() / "config").string());
    }
    if (!server.files.empty()) std::filesystem::create_directories(files_of(server, folder));
    std::vector<std::string> words = rooted_argv(server);
    for (std::string& word : words) word = filled_in(word, endpoint, folder);
    return words;
}

std::filesystem::path files_of(const ExternalServer& server, ServerFolder& folder) {
    return server.files.empty() ? "" : filled_in(server.files, 0, folder);
}

Measured<std::string> version_of(const ExternalServer& server) {
    if (server.version.empty()) return Absent{"the suite names no command for it"};
    try {
        Subprocess command(with_root(server.version, server.root));
        std::string text = command.read_all(version_wait_max, WhenInterrupted::stop);
        if (!command.ended(std::chrono::seconds(10))) return Absent{server.version.front() + " does not end"};
        if (text.empty()) text = command.last_errors();  // where nginx prints it
        if (command.exit_code() != 0) return Absent{server.version.front() + " ended with " + command.how()};
        return text.substr(0, std::min(text.find('\n'), version_bytes_max));
    } catch (const Error& error) {
        return Absent{error.what()};
    }
}

}  // namespace tare
