// SPDX-License-Identifier: Apache-2.0
// Text that ends where readable memory ends: one byte read past it is a fault in every build.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>

namespace tare {

class GuardedText {
public:
    explicit GuardedText(std::size_t size_bytes_max)
        : page_bytes_(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))),
          room_bytes_((size_bytes_max / page_bytes_ + 1) * page_bytes_) {
        void* const memory =
            ::mmap(nullptr, room_bytes_ + page_bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) std::abort();
        memory_ = static_cast<char*>(memory);
        if (::mprotect(memory_ + room_bytes_, page_bytes_, PROT_NONE) != 0) std::abort();
    }
    GuardedText(const GuardedText&) = delete;
    GuardedText& operator=(const GuardedText&) = delete;
    ~GuardedText() { ::munmap(memory_, room_bytes_ + page_bytes_); }

    // `text` at the end of the room; good until the next call.
    std::string_view hold(std::string_view text) {
        if (text.size() > room_bytes_) std::abort();
        char* const begin = memory_ + room_bytes_ - text.size();
        std::memcpy(begin, text.data(), text.size());
        return {begin, text.size()};
    }

private:
    std::size_t page_bytes_;
    std::size_t room_bytes_;
    char* memory_ = nullptr;
};

}  // namespace tare
