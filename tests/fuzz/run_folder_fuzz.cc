// SPDX-License-Identifier: Apache-2.0
// Run folders whose files were changed and summed anew: read, or refused with file and line.
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "run/run_reader.h"
#include "tests/fuzz/fuzzed.h"

using namespace tare;

namespace {

// The files of the folder in the order in which an input holds them, with a byte 0 between.
constexpr std::array<const char*, 4> files{"observations.csv", "environment.json", "contrasts.csv", "histograms.csv"};

const std::filesystem::path& folder() {
    static const auto made = [] {
        std::string name = std::filesystem::temp_directory_path() / "tare-fuzz-XXXXXX";
        fuzz::require(::mkdtemp(name.data()) != nullptr, "a folder for the run");
        std::atexit([] {
            std::error_code ignored;
            std::filesystem::remove_all(folder(), ignored);
        });
        return std::filesystem::path(name);
    }();
    return made;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size_bytes) {
    std::string_view left = fuzz::text_of(data, size_bytes);
    for (const char* const file : files) {
        const std::size_t end = left.find('\0');
        const std::string_view content = left.substr(0, end);
        left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
        std::filesystem::remove(folder() / file);
        if (!content.empty()) std::ofstream(folder() / file, std::ios::binary) << content;
    }
    if (!std::filesystem::exists(folder() / files[0]) || !std::filesystem::exists(folder() / files[1])) return 0;
    write_checksums(folder());
    fuzz::refuses_only_by({ExitCode::data_refused}, [&] { open_run(folder()); });
    return 0;
}
