// SPDX-License-Identifier: Apache-2.0
#include "servers/path/gathered_output.h"

#include <cstdlib>
#include <new>

#include "core/copy.h"

namespace tare {

const msghdr* GatheredOutput::message() {
    const char* text = text_.view().data();
    const std::size_t count = std::min(piece_count_, pieces_a_send);
    for (std::size_t index = 0; index < count; ++index) {
        Piece& next = piece(index);
        const char* begin = text;
        if (next.item) {
            const std::string_view value = next.item->value();
            begin = value.data() + (value.size() - next.left_bytes);
        } else {
            text += next.left_bytes;
        }
        vector_[index] = {const_cast<char*>(begin), next.left_bytes};
    }
    message_.msg_iov = vector_.data();
    message_.msg_iovlen = count;
    return &message_;
}

void GatheredOutput::consume(std::size_t taken_bytes) {
    size_bytes_ -= taken_bytes;
    while (taken_bytes > 0) {
        Piece& next = piece(0);
        const std::size_t part_bytes = std::min(taken_bytes, next.left_bytes);
        if (!next.item) text_.consume(part_bytes);
        next.left_bytes -= part_bytes;
        taken_bytes -= part_bytes;
        if (next.left_bytes == 0) pop_piece();
    }
}

void GatheredOutput::push_piece(PinnedItem item, std::size_t left_bytes) {
    if (first_ + piece_count_ == capacity_) grow();
    new (pieces_ + first_ + piece_count_) Piece{std::move(item), left_bytes};
    ++piece_count_;
}

void GatheredOutput::pop_piece() {
    piece(0).~Piece();
    ++first_;
    --piece_count_;
    if (piece_count_ == 0) first_ = 0;
}

// Into twice the room; pieces that were sent leave theirs.
void GatheredOutput::grow() {
    const std::size_t larger = std::max(pieces_a_send, 2 * piece_count_);
    auto* const pieces = reinterpret_cast<Piece*>(allocate_bytes(AllocationSite::buffer_growth, larger * sizeof(Piece)));
    for (std::size_t index = 0; index < piece_count_; ++index) {
        new (pieces + index) Piece(std::move(piece(index)));
        piece(index).~Piece();
    }
    std::free(pieces_);
    pieces_ = pieces;
    capacity_ = larger;
    first_ = 0;
}

}  // namespace tare
