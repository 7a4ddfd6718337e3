// SPDX-License-Identifier: Apache-2.0
// Set-up errors: thrown with their context where they are found, caught once in main, where the type gives the exit
// code of the contract (docs/architecture.md).
#pragma once

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace tare {

enum class ExitCode : int {
    ok = 0,
    gate_crossed = 1,
    usage = 2,
    data_refused = 3,
    cannot_measure = 4,
    run_failed = 5,
    test_skipped = 77,
};

class Error : public std::runtime_error {
public:
    Error(ExitCode code, const std::string& what) : std::runtime_error(what), code_(code) {}
    ExitCode code() const { return code_; }

private:
    ExitCode code_;
};

// 2: the command line or a configuration file is wrong.
inline Error usage_error(const std::string& what) { return {ExitCode::usage, what}; }
// 3: data is incomparable, corrupt, partial or lossy.
inline Error data_refused(const std::string& what) { return {ExitCode::data_refused, what}; }
// 4: this environment cannot measure what was asked for.
inline Error cannot_measure(const std::string& what) { return {ExitCode::cannot_measure, what}; }
// 5: a server or client died, or the system refused something that the run needs.
inline Error run_failed(const std::string& what) { return {ExitCode::run_failed, what}; }

// The text of an errno value.
inline std::string error_text(int error_number) { return std::generic_category().message(error_number); }

// 5, for a system call that failed just now: `bind 127.0.0.1:11311: Address already in use`.
inline Error system_failed(const std::string& doing) { return run_failed(doing + ": " + error_text(errno)); }

}  // namespace tare
