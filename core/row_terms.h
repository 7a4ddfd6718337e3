// SPDX-License-Identifier: Apache-2.0
// The words that a row of observations.csv may have in its columns `build`, `kind`, `mode`, `source` and `per`. Each is an enum
// and one array of its names. Rows are sorted by the enumerators' order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tare {

// Which build of a reference server; `external` is a server that is not ours.
enum class Build : std::uint8_t { counted, external, timed };
inline constexpr std::array<std::string_view, 3> build_names{"counted", "external", "timed"};
constexpr std::string_view name_of(Build build) { return build_names[static_cast<std::size_t>(build)]; }

// Whose doing a window's counts are: of requests; of an idle window, in which nothing is asked; of what a server did by itself
// in a window of requests; of a command from its start to its end.
enum class Kind : std::uint8_t { request, idle, background, command };
inline constexpr std::array<std::string_view, 4> kind_names{"request", "idle", "background", "command"};
constexpr std::string_view name_of(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

// How requests are sent: as fast as the server answers on many connections, or one after the other's reply on one.
enum class Mode : std::uint8_t { load, lockstep };
inline constexpr std::array<std::string_view, 2> mode_names{"load", "lockstep"};
constexpr std::string_view name_of(Mode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

// Who says so: the prediction, the server's own ledger, BPF programs, /proc/PID/fdinfo, /proc/PID/status, the process's CPU
// clocks, the load generator; where BPF is refused, a tracer's stops and a library that is loaded before the program's.
enum class Source : std::uint8_t { bpf, client, fdinfo, ledger, prediction, preload, proc, ptrace, rusage };
inline constexpr std::array<std::string_view, 9> source_names{"bpf",     "client", "fdinfo", "ledger", "prediction",
                                                              "preload", "proc",   "ptrace", "rusage"};
constexpr std::string_view name_of(Source source) { return source_names[static_cast<std::size_t>(source)]; }

// What a row's divisor counts: requests, milliseconds, or runs of a command.
enum class Per : std::uint8_t { request, ms, run };
inline constexpr std::array<std::string_view, 3> per_names{"request", "ms", "run"};
constexpr std::string_view name_of(Per per) { return per_names[static_cast<std::size_t>(per)]; }

}  // namespace tare
