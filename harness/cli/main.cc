// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <memory>
#include <string>

#include "core/error.h"
#include "core/output.h"
#include "core/standard_streams.h"
#include "harness/cli/command_line.h"
#include "harness/cli/program.h"

namespace {

int run(int argc, char** argv) {
    const std::unique_ptr<CLI::App> program = tare::cli::program();
    const std::string text = tare::cli::parse_and_run(*program, {argv + 1, argv + argc});
    if (!text.empty()) tare::write_stdout(text);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    tare::guard_standard_streams();
    try {
        return run(argc, argv);
    } catch (const tare::Error& error) {
        tare::say(std::string("tare: ") + error.what() + "\n");
        return static_cast<int>(error.code());
    } catch (const std::exception& error) {
        tare::say(std::string("tare: ") + error.what() + "\n");
        return static_cast<int>(tare::ExitCode::run_failed);
    }
}
