// SPDX-License-Identifier: Apache-2.0
#include "tests/system/contract/memcached.h"

#include <chrono>
#include <csignal>
#include <thread>

#include "core/error.h"
#include "core/wire/reply.h"
#include "harness/load/endpoint.h"
#include "tests/system/contract/peer.h"

namespace tare {
namespace {

// The first answer, once it accepts.
std::string first_answer(Subprocess& process, std::uint16_t port) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (true) {
        try {
            return reply_to(port, "version\r\nquit\r\n");
        } catch (const Error& error) {
            if (process.ended()) throw run_failed("memcached: " + process.how() + "\n" + process.last_errors());
            if (std::chrono::steady_clock::now() > deadline) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

}  // namespace

Memcached::Memcached()
    : port_(free_port()),
      process_({"memcached", "-l", "127.0.0.1", "-p", std::to_string(port_), "-U", "0", "-t", "1", "-u", "root"}),
      version_line_(first_answer(process_, port_)) {}

Memcached::~Memcached() { ::kill(process_.pid(), SIGKILL); }

std::string Memcached::reply_to(std::string_view request, bool half_close) const {
    return replaced(tare::reply_to(port_, request, half_close), version_line_, wire::version);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

}  // namespace tare
