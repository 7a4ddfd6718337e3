// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/stopped_memory.h"

#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <span>

namespace tare {
namespace {

constexpr std::uint64_t page_bytes = 4096;

// Of a page at most, so that what lies behind the last one that is mapped is not asked for; 0 where nothing can be read.
std::size_t read_piece(pid_t pid, std::uint64_t address, void* to, std::size_t room_bytes) {
    const std::size_t size = std::min<std::size_t>(room_bytes, page_bytes - address % page_bytes);
    const iovec here{to, size};
    const iovec there{reinterpret_cast<void*>(address), size};  // NOLINT(performance-no-int-to-ptr): of another process
    const ssize_t got = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
    return got > 0 ? static_cast<std::size_t>(got) : 0;
}

}  // namespace

std::optional<std::string> text_at(pid_t pid, std::uint64_t address, std::size_t most) {
    std::string text;
    std::array<char, 256> piece{};
    while (text.size() <= most) {
        const std::size_t got = read_piece(pid, address + text.size(), piece.data(), piece.size());
        if (got == 0) return std::nullopt;
        const std::string_view read(piece.data(), got);
        text.append(read.substr(0, read.find('\0')));
        if (read.find('\0') != std::string_view::npos) return text;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> word_at(pid_t pid, std::uint64_t address) {
    std::uint64_t word = 0;
    if (read_piece(pid, address, &word, sizeof(word)) != sizeof(word)) return std::nullopt;
    return word;
}

bool begins_at(pid_t pid, std::uint64_t address, std::string_view text) {
    std::array<char, 64> piece{};
    for (std::size_t same = 0; same < text.size();) {
        const std::size_t got = read_piece(pid, address + same, piece.data(), std::min(piece.size(), text.size() - same));
        if (got == 0 || text.substr(same, got) != std::string_view(piece.data(), got)) return false;
        same += got;
    }
    return true;
}

std::optional<std::vector<std::uint64_t>> words_at(pid_t pid, std::uint64_t address, std::size_t most) {
    std::vector<std::uint64_t> words;
    if (address == 0) return words;
    std::array<std::uint64_t, 64> piece{};
    while (words.size() <= most) {
        const std::uint64_t next = address + words.size() * sizeof(std::uint64_t);
        const std::size_t got = read_piece(pid, next, piece.data(), sizeof(piece)) / sizeof(std::uint64_t);
        if (got == 0) return std::nullopt;
        const std::span<const std::uint64_t> read(piece.data(), got);
        const auto end = std::find(read.begin(), read.end(), 0U);
        words.insert(words.end(), read.begin(), end);
        if (end != read.end()) return words;
    }
    return std::nullopt;
}

}  // namespace tare
