// SPDX-License-Identifier: Apache-2.0
// Replies that wait, as text of their own and values where they are stored: the pieces of a scatter-gather send. A value's
// item is pinned until the socket has taken its last byte.
#pragma once

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/ledger.h"
#include "servers/path/byte_buffer.h"
#include "servers/path/store.h"

namespace tare {

class GatheredOutput {
public:
    // What sends this: one call, or one queue entry, for as many pieces as fit.
    static constexpr SystemCall send_call = SystemCall::sendmsg;

    GatheredOutput() = default;
    GatheredOutput(const GatheredOutput&) = delete;
    GatheredOutput& operator=(const GatheredOutput&) = delete;
    ~GatheredOutput() {
        while (piece_count_ > 0) pop_piece();
        std::free(pieces_);
    }

    friend void swap(GatheredOutput& left, GatheredOutput& right) noexcept {
        swap(left.text_, right.text_);
        std::swap(left.pieces_, right.pieces_);
        std::swap(left.capacity_, right.capacity_);
        std::swap(left.first_, right.first_);
        std::swap(left.piece_count_, right.piece_count_);
        std::swap(left.size_bytes_, right.size_bytes_);
    }

    std::size_t size_bytes() const { return size_bytes_; }
    bool empty() const { return size_bytes_ == 0; }

    // Room for text of so many bytes; commit() says how many were written there.
    char* reserve(std::size_t wanted_bytes) { return text_.reserve(wanted_bytes); }
    void commit(std::size_t size_bytes) {
        text_.commit(size_bytes);
        add_text(size_bytes);
    }
    void append(CopyEdge edge, std::string_view text) {
        text_.append(edge, text);
        add_text(text.size());
    }
    void append(PinnedItem item) {
        const std::size_t value_bytes = item->value().size();
        if (value_bytes == 0) return;
        push_piece(std::move(item), value_bytes);
        size_bytes_ += value_bytes;
    }

    // The message that sends the first pieces; it lies in this object, and is good until this changes.
    const msghdr* message();

    // The socket has taken so many bytes.
    void consume(std::size_t taken_bytes);

private:
    // Text, or what is left of a value. Text pieces lie in text_ one after the other.
    struct Piece {
        PinnedItem item;
        std::size_t left_bytes = 0;
    };
    static constexpr std::size_t pieces_a_send = 64;

    Piece& piece(std::size_t index) { return pieces_[first_ + index]; }
    void add_text(std::size_t size_bytes) {
        if (size_bytes == 0) return;
        size_bytes_ += size_bytes;
        if (piece_count_ > 0 && !piece(piece_count_ - 1).item) {
            piece(piece_count_ - 1).left_bytes += size_bytes;
        } else {
            push_piece({}, size_bytes);
        }
    }
    void push_piece(PinnedItem item, std::size_t left_bytes);
    void pop_piece();
    void grow();

    ByteBuffer text_;
    Piece* pieces_ = nullptr;
    std::size_t capacity_ = 0;
    std::size_t first_ = 0;
    std::size_t piece_count_ = 0;
    std::size_t size_bytes_ = 0;
    std::array<iovec, pieces_a_send> vector_;
    msghdr message_{};
};

}  // namespace tare
