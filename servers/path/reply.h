// SPDX-License-Identifier: Apache-2.0
// The Reply decision: where a reply is put together on its way to the connection's output.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/wire/reply.h"
#include "core/wire/shape.h"
#include "servers/path/byte_buffer.h"
#include "servers/path/grown_bytes.h"

namespace tare {

// Reference document, "Write responses directly to output buffer": execute_command() returns a vector that starts empty and grows
// as header, value and trailer are appended; then it is copied to the write buffer.
struct OwnedReply {
    template <class Output>
    class Writer {
    public:
        explicit Writer(Output& output) : output_(output) {}
        void header(std::string_view key, std::uint32_t flags, std::size_t value_bytes) {
            std::array<char, wire::header_room_bytes> text;
            response_.append(CopyEdge::header_to_response,
                             {text.data(), wire::write_header(text.data(), key, flags, value_bytes)});
        }
        void value(std::string_view value) { response_.append(CopyEdge::value_to_response, value); }
        void value_end() { response_.append(CopyEdge::trailer_to_response, wire::line_end); }
        void end() { response_.append(CopyEdge::trailer_to_response, wire::end); }
        void status(std::string_view line) { response_.append(CopyEdge::status_to_response, line); }
        void finish() { output_.append(CopyEdge::response_to_write, response_.view()); }

    private:
        GrownBytes<AllocationSite::response, CopyEdge::response_growth> response_;
        Output& output_;
    };

    // `value_copied`: whether the value goes through the reply, or is only referred to.
    static constexpr Counts cost(const wire::ReplyShape& shape, bool value_copied);
};

constexpr Counts OwnedReply::cost(const wire::ReplyShape& shape, bool value_copied) {
    Counts counts;
    std::size_t size_bytes = 0;
    std::size_t capacity_bytes = 0;
    const auto append = [&](CopyEdge edge, std::size_t appended_bytes) {
        if (size_bytes + appended_bytes > capacity_bytes) {
            capacity_bytes = grown_capacity_bytes(capacity_bytes, size_bytes + appended_bytes);
            counts.allocation(AllocationSite::response, capacity_bytes).copy(CopyEdge::response_growth, size_bytes);
        }
        counts.copy(edge, appended_bytes);
        size_bytes += appended_bytes;
    };
    for (std::size_t index = 0; index < shape.values; ++index) {
        counts.copy(CopyEdge::text_to_header, wire::value_word.size()).copy(CopyEdge::key_to_header, shape.key_bytes);
        append(CopyEdge::header_to_response, wire::header_bytes(shape.key_bytes, shape.value_bytes));
        if (value_copied) append(CopyEdge::value_to_response, shape.value_bytes);
        append(CopyEdge::trailer_to_response, wire::line_end.size());
    }
    if (shape.ends_get) append(CopyEdge::trailer_to_response, wire::end.size());
    if (shape.status_bytes > 0) append(CopyEdge::status_to_response, shape.status_bytes);
    return counts.copy(CopyEdge::response_to_write, size_bytes);
}

// The reference document's cure, `execute_command_into(&mut [u8])`: every part goes straight to the connection's output.
struct ReplyInto {
    template <class Output>
    class Writer {
    public:
        explicit Writer(Output& output) : output_(output) {}
        void header(std::string_view key, std::uint32_t flags, std::size_t value_bytes) {
            char* const room = output_.reserve(wire::header_room_bytes);
            output_.commit(wire::write_header(room, key, flags, value_bytes));
        }
        void value(std::string_view value) { output_.append(CopyEdge::value_to_write, value); }
        template <class Pinned>
        void value(Pinned&& pinned) {
            output_.append(std::forward<Pinned>(pinned));
        }
        void value_end() { output_.append(CopyEdge::trailer_to_write, wire::line_end); }
        void end() { output_.append(CopyEdge::trailer_to_write, wire::end); }
        void status(std::string_view line) { output_.append(CopyEdge::status_to_write, line); }
        void finish() {}

    private:
        Output& output_;
    };

    static constexpr Counts cost(const wire::ReplyShape& shape, bool value_copied) {
        Counts counts;
        for (std::size_t index = 0; index < shape.values; ++index) {
            counts.copy(CopyEdge::text_to_header, wire::value_word.size()).copy(CopyEdge::key_to_header, shape.key_bytes);
            if (value_copied) counts.copy(CopyEdge::value_to_write, shape.value_bytes);
            counts.copy(CopyEdge::trailer_to_write, wire::line_end.size());
        }
        if (shape.ends_get) counts.copy(CopyEdge::trailer_to_write, wire::end.size());
        return counts.copy(CopyEdge::status_to_write, shape.status_bytes);
    }
};

}  // namespace tare
