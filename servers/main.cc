// SPDX-License-Identifier: Apache-2.0
// tare-server and tare-server-counted: one variant, served on loopback until SIGTERM.
#include <fcntl.h>
#include <sys/mman.h>

#include <string>

#include "core/error.h"
#include "core/ledger.h"
#include "core/output.h"
#include "core/owned_fd.h"
#include "core/standard_streams.h"
#include "run/csv.h"
#include "run/observation.h"
#include "servers/catalogue.h"
#include "servers/command_line.h"
#include "servers/path/byte_buffer.h"

namespace tare {
namespace {

std::string padded(std::string name) {
    constexpr std::size_t width = 40;
    if (name.size() < width) name.resize(width, ' ');
    return name;
}

std::string variants_text() {
    std::string text;
    for (const Variant& variant : variants()) text += padded(variant.name) + " " + variant.description + "\n";
    for (const auto& [name, variant] : aliases()) text += padded(std::string(name)) + " = " + std::string(variant) + "\n";
    return text;
}

std::string settings_text(const Arguments& arguments) {
    const auto line = [](const char* name, std::uint64_t value) { return csv_line({name, std::to_string(value)}); };
    return line("buffer_bytes", buffer_bytes) + line("memory_mib", arguments.memory_mib) +
           line("ring_entries", arguments.server.ring_entries) + line("completion_entries", arguments.server.completion_entries) +
           line("provided_buffers", arguments.server.provided_buffers);
}

std::string prediction_text(const Arguments& arguments) {
    const auto operation = operation_named(arguments.predict_operation);
    if (!operation) throw usage_error("--predict: '" + arguments.predict_operation + "' is no operation");
    Workload workload = arguments.workload;
    workload.operation = *operation;
    std::string text;
    for (const auto& [quantity, reading] : variant_named(arguments.variant).predict(workload)) {
        text += csv_line({quantity.metric, quantity.detail, value_field(reading), status_field(reading)});
    }
    return text;
}

// Maps the shared page that the harness prepared, and lets the ledger write to it.
void open_ledger(const std::string& path) {
    if (!Ledger::counts) throw usage_error("--ledger: this is the timed build, which keeps no ledger");
    const OwnedFd file{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
    if (!file) throw system_failed("open ledger " + path);
    void* const memory = ::mmap(nullptr, sizeof(LedgerPage), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
    if (memory == MAP_FAILED) throw system_failed("map ledger " + path);
    auto* const page = static_cast<LedgerPage*>(memory);
    if (page->magic != ledger_magic || page->size_bytes != sizeof(LedgerPage))
        throw usage_error(path + " is no ledger page of this build");
    Ledger::open(page);
}

void serve(Arguments& arguments) {
    const Variant& variant = variant_named(arguments.variant);
    arguments.server.memory_bytes = arguments.memory_mib << 20;
    if (!arguments.fixed_reply_path.empty()) arguments.server.fixed_reply = read_file(arguments.fixed_reply_path);
    if (!arguments.server.ledger_path.empty()) open_ledger(arguments.server.ledger_path);
    catch_stop_signals();
    const Listener listener = listen_on_loopback(arguments.server.port);
    variant.run(listener, arguments.server, variant.name);
}

int main_checked(int argc, char** argv) {
    Arguments arguments;
    if (const auto done = parse_command_line(argc, argv, arguments)) return *done;
    if (arguments.list) {
        write_stdout(variants_text());
    } else if (arguments.settings) {
        write_stdout(settings_text(arguments));
    } else if (!arguments.predict_operation.empty()) {
        write_stdout(prediction_text(arguments));
    } else {
        serve(arguments);
    }
    return 0;
}

}  // namespace
}  // namespace tare

int main(int argc, char** argv) {
    tare::guard_standard_streams();
    try {
        return tare::main_checked(argc, argv);
    } catch (const tare::Error& error) {
        tare::say(std::string("tare-server: ") + error.what() + "\n");
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        tare::say(std::string("tare-server: ") + error.what() + "\n");
        return static_cast<int>(tare::ExitCode::run_failed);
    }
}
