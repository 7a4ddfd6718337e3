// SPDX-License-Identifier: Apache-2.0
#include "harness/bench/external_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "core/error.h"
#include "harness/bench/subject_name.h"
#include "harness/process/interrupt.h"
#include "harness/process/subprocess.h"

namespace tare {
namespace {

constexpr std::array<std::string_view, 2> client_keys{"argv", "timeout_s"};
constexpr std::uint64_t timeout_s_max = 3600;
constexpr std::string_view total_mark = "{requests}";
constexpr std::string_view share_mark = "{requests_per_connection}";
constexpr std::size_t said_bytes_max = 2000;

using Meanings = std::vector<std::pair<std::string_view, std::string>>;

Meanings meanings_of(const ClientRun& run) {
    return {{"{port}", std::to_string(run.server.port)},        {"{socket}", run.server.path},
            {total_mark, std::to_string(run.requests)},         {share_mark, std::to_string(run.requests / run.connections)},
            {"{connections}", std::to_string(run.connections)}, {"{key_bytes}", std::to_string(run.key_bytes)},
            {"{value_bytes}", std::to_string(run.value_bytes)}, {"{root}", run.root}};
}

void replace_all(std::string& text, std::string_view mark, const std::string& meant) {
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + meant.size()))
        text.replace(at, mark.size(), meant);
}

// What stands in braces and no placeholder's name is the client's own.
std::vector<std::string> command_line(const ExternalClient& client, const ClientRun& run) {
    std::vector<std::string> words = client.argv;
    for (std::string& word : words) {
        for (const auto& [mark, meant] : meanings_of(run)) replace_all(word, mark, meant);
    }
    return words;
}

bool is_told_how_many(const ExternalClient& client) {
    return std::any_of(client.argv.begin(), client.argv.end(), [](const std::string& word) {
        return word.find(total_mark) != std::string::npos || word.find(share_mark) != std::string::npos;
    });
}

}  // namespace

std::map<std::string, ExternalClient> read_clients(const ConfigTable& suite) {
    std::map<std::string, ExternalClient> all;
    const auto clients = suite.table("client");
    if (!clients) return all;
    for (const std::string& name : clients->keys()) {
        if (!is_subject_name(name))
            throw clients->wrong(name, fmt::format("'{}' is no name for a client: letters, digits and _ - . +", name));
        const ConfigTable table = *clients->table(name);
        table.allow(client_keys);
        ExternalClient& client = all[name];
        client.argv = table.texts("argv");
        if (table.has("timeout_s")) client.timeout = std::chrono::seconds(table.count("timeout_s", 1, timeout_s_max));
        if (!is_told_how_many(client))
            throw table.wrong(
                "argv", fmt::format("argv does not tell the client how many requests to make: {} or {}", total_mark, share_mark));
    }
    return all;
}

void run_client(const ExternalClient& client, const ClientRun& run) {
    const std::vector<std::string> words = command_line(client, run);
    const auto deadline = std::chrono::steady_clock::now() + client.timeout;
    Subprocess process(words, run.cpu);
    std::string said;
    const auto keep = [&said](const std::string& text) {
        said += text;
        if (said.size() > said_bytes_max) said.erase(0, said.size() - said_bytes_max);
    };
    const auto stop_if_due = [&] {
        if (interrupted()) throw run_failed("interrupted");
        if (std::chrono::steady_clock::now() > deadline)
            throw run_failed(fmt::format("the client {} did not end within {} s; told to make {} requests; it said: {}",
                                         words.front(), client.timeout.count(), run.requests, said));
    };
    // It may print without an end.
    const auto listen = [&] {
        while (const auto line = process.read_line(std::chrono::milliseconds(1))) {
            keep(*line + "\n");
            stop_if_due();
        }
        keep(process.last_errors());
    };
    while (!process.ended(std::chrono::milliseconds(10))) {
        listen();
        stop_if_due();
    }
    listen();
    if (process.exit_code() != 0)
        throw run_failed(fmt::format("the client {} ended with {}; it said: {}", words.front(), process.how(), said));
}

void run_client_until_ready(const ExternalClient& client, const ClientRun& run) {
    constexpr std::chrono::seconds ready_wait_max(10);
    const auto deadline = std::chrono::steady_clock::now() + ready_wait_max;
    while (true) {
        try {
            return run_client(client, run);
        } catch (const Error& error) {
            const bool may_be_early = error.code() == ExitCode::run_failed && !interrupted();
            if (!may_be_early || std::chrono::steady_clock::now() > deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
}

}  // namespace tare
