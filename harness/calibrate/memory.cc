// SPDX-License-Identifier: Apache-2.0
// Memory from the allocator, given back at once, and copies between two places that the caches hold.
#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "harness/calibrate/subject.h"

namespace tare::calibration {
namespace {

constexpr std::array allocation_bytes{16, 64, 256, 1024, 4096, 16384, 65536};
constexpr std::array copy_bytes{16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};

void malloc_free(benchmark::State& state, std::size_t size_bytes) {
    for (auto _ : state) {
        void* memory = std::malloc(size_bytes);
        benchmark::DoNotOptimize(memory);
        std::free(memory);
    }
}

void copy(benchmark::State& state, std::size_t size_bytes) {
    const std::vector<char> from(size_bytes, 'v');
    std::vector<char> to(size_bytes);
    for (auto _ : state) {
        benchmark::DoNotOptimize(size_bytes);  // or a copy of known size becomes moves
        std::memcpy(to.data(), from.data(), size_bytes);
        benchmark::ClobberMemory();
    }
}

}  // namespace

void add_memory(Subjects& subjects) {
    for (const std::size_t size_bytes : allocation_bytes)
        subjects.push_back({.name = "malloc_free",
                            .argument = size_bytes,
                            .argument_unit = "bytes",
                            .body = [size_bytes](benchmark::State& state) { malloc_free(state, size_bytes); }});
    for (const std::size_t size_bytes : copy_bytes)
        subjects.push_back(
            {.name = "memcpy", .argument = size_bytes, .argument_unit = "bytes", .body = [size_bytes](benchmark::State& state) {
                 copy(state, size_bytes);
             }});
}

}  // namespace tare::calibration
