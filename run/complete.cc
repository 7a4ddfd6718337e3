// SPDX-License-Identifier: Apache-2.0
#include "run/complete.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>

#include "core/error.h"
#include "run/atomic_file.h"
#include "run/csv.h"

namespace tare {
namespace {

constexpr std::size_t sum_digits = 64;

// Whether a name stays in the folder: no root, and no way up.
bool within_folder(const std::filesystem::path& name) {
    return !name.empty() && name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const auto& part) { return part.empty() || part == "." || part == ".."; });
}

std::map<std::string, std::string> read_sums(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / complete_name;
    if (!std::filesystem::is_regular_file(path)) throw data_refused(folder.string() + ": no COMPLETE: the run is partial");
    const std::string text = read_file(path);
    std::map<std::string, std::string> sums;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = text.find('\n', begin);
        const std::string line = text.substr(begin, end - begin);
        const bool formed = end != std::string::npos && line.size() > sum_digits + 2 && line.substr(sum_digits, 2) == "  " &&
                            line.find_first_not_of("0123456789abcdef") == sum_digits &&
                            within_folder(line.substr(sum_digits + 2));
        if (!formed || !sums.emplace(line.substr(sum_digits + 2), line.substr(0, sum_digits)).second)
            throw data_refused(path.string() + ": malformed line '" + line + "'");
        begin = end + 1;
    }
    return sums;
}

}  // namespace

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size_bytes = 0;
    if (EVP_Digest(text.data(), text.size(), digest.data(), &size_bytes, EVP_sha256(), nullptr) != 1)
        throw run_failed("SHA-256 of " + std::to_string(text.size()) + " bytes: refused by libcrypto");
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (unsigned index = 0; index < size_bytes; ++index) {
        hex += digits[digest[index] >> 4];
        hex += digits[digest[index] & 15];
    }
    return hex;
}

void write_complete(const std::filesystem::path& folder, const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += sha256_hex(read_file(folder / name)) + "  " + name + "\n";
    write_file_atomically(folder / complete_name, text);
}

std::vector<std::string> verify_complete(const std::filesystem::path& folder, const std::vector<std::string>& names) {
    const auto sums = read_sums(folder);
    for (const std::string& name : names) {
        const auto listed = sums.find(name);
        if (listed == sums.end()) throw data_refused(folder.string() + ": COMPLETE does not list " + name);
        if (sha256_hex(read_file(folder / name)) != listed->second)
            throw data_refused((folder / name).string() + ": differs from its sum in COMPLETE");
    }
    std::vector<std::string> all;
    all.reserve(sums.size());
    for (const auto& [name, sum] : sums) all.push_back(name);
    return all;
}

}  // namespace tare
