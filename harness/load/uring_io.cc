// SPDX-License-Identifier: Apache-2.0
#include "harness/load/uring_io.h"

#include <sys/mman.h>
#include <sys/socket.h>

#include <algorithm>
#include <bit>
#include <cerrno>

#include "core/clock.h"
#include "core/error.h"

namespace tare {
namespace {

constexpr int buffer_group = 0;
constexpr std::size_t buffer_bytes_least = 4096;
constexpr std::size_t buffer_bytes_most = std::size_t{64} << 10;
constexpr unsigned buffer_count_least = 16;
constexpr unsigned buffer_count_most = 1024;
constexpr unsigned entries_most = 4096;
// One issuer, which runs completion work only when it waits (Linux 6.1); an entry that fails must not hold back those behind it.
constexpr unsigned setup_flags =
    IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_SUBMIT_ALL | IORING_SETUP_CQSIZE;

// What a completion is about: the connection, and in the bit above whether it is of a send.
constexpr std::uint64_t send_bit = std::uint64_t{1} << 32;
bool is_send(const io_uring_cqe& completion) { return (completion.user_data & send_bit) != 0; }
std::uint32_t connection_of(const io_uring_cqe& completion) { return static_cast<std::uint32_t>(completion.user_data); }

unsigned power_of_two(std::uint64_t wanted, unsigned least, unsigned most) {
    return static_cast<unsigned>(std::bit_ceil(std::clamp<std::uint64_t>(wanted, least, most)));
}

// For the replies to all that a connection may have in flight, of the largest value.
std::size_t suited_buffer_bytes(const LoadPlan& plan) {
    constexpr std::uint64_t around_value_bytes = 512;
    const std::uint64_t largest = *std::max_element(plan.value_bytes.begin(), plan.value_bytes.end());
    const std::uint64_t wanted = std::min<std::uint64_t>(largest + around_value_bytes, buffer_bytes_most) * plan.pipeline;
    return std::bit_ceil(std::clamp<std::uint64_t>(wanted, buffer_bytes_least, buffer_bytes_most));
}

void* map(std::size_t size_bytes) {
    void* const memory = ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw system_failed("reserve memory for received bytes");
    return memory;
}

int set_up(io_uring& ring, unsigned entries, unsigned completion_entries) {
    io_uring_params parameters{};
    parameters.flags = setup_flags;
    parameters.cq_entries = completion_entries;
    return io_uring_queue_init_params(entries, &ring, &parameters);
}

int set_up_buffers(io_uring& ring, io_uring_buf_ring* buffers, unsigned count) {
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uint64_t>(buffers);
    registration.ring_entries = count;
    registration.bgid = buffer_group;
    return io_uring_register_buf_ring(&ring, &registration, 0);
}

std::string refused(const char* call, int result) { return std::string(call) + ": " + error_text(-result); }

}  // namespace

std::string UringIo::refusal() {
    io_uring ring{};
    const int made = set_up(ring, 8, 16);
    if (made == -EINVAL) return "io_uring_setup: this kernel has no IORING_SETUP_DEFER_TASKRUN, which came with Linux 6.1";
    if (made < 0) return refused("io_uring_setup", made);
    const std::size_t size_bytes = buffer_count_least * sizeof(io_uring_buf);
    void* const buffers = map(size_bytes);
    const int registered = set_up_buffers(ring, static_cast<io_uring_buf_ring*>(buffers), buffer_count_least);
    io_uring_queue_exit(&ring);
    ::munmap(buffers, size_bytes);
    return registered < 0 ? refused("io_uring_register_buf_ring", registered) : "";
}

UringIo::UringIo(const LoadPlan& plan, std::span<LoadConnection> connections)
    : connections_(connections),
      held_(connections.size()),
      buffer_bytes_(suited_buffer_bytes(plan)),
      buffer_count_(power_of_two(2 * connections.size(), buffer_count_least, buffer_count_most)) {
    to_send_.reserve(connections.size());
    sending_.reserve(connections.size());
}

void UringIo::open() {
    const std::size_t count = connections_.size();
    // A completion for each buffer that is full, and for each connection one of a receive that ended and one of each send.
    const unsigned completions = static_cast<unsigned>(std::bit_ceil(buffer_count_ + 3 * count));
    const int made = set_up(ring_, power_of_two(count, 8, entries_most), completions);
    if (made < 0) throw cannot_measure(refused("io_uring_setup", made));
    is_open_ = true;
    buffer_ring_ = static_cast<io_uring_buf_ring*>(map(buffer_count_ * sizeof(io_uring_buf)));
    memory_ = static_cast<char*>(map(buffer_count_ * buffer_bytes_));
    const int buffers = set_up_buffers(ring_, buffer_ring_, buffer_count_);
    if (buffers < 0) throw cannot_measure(refused("io_uring_register_buf_ring", buffers));
    io_uring_buf_ring_init(buffer_ring_);
    for (unsigned buffer = 0; buffer < buffer_count_; ++buffer)
        lend(static_cast<std::uint16_t>(buffer), static_cast<int>(buffer));
    io_uring_buf_ring_advance(buffer_ring_, static_cast<int>(buffer_count_));

    std::vector<int> fds;
    fds.reserve(count);
    for (const LoadConnection& connection : connections_) fds.push_back(connection.fd());
    const int files = io_uring_register_files(&ring_, fds.data(), static_cast<unsigned>(count));
    if (files < 0) throw cannot_measure(refused("io_uring_register_files", files));
    const int itself = io_uring_register_ring_fd(&ring_);
    if (itself < 0) throw cannot_measure(refused("io_uring_register_ring_fd", itself));
    for (std::uint32_t connection = 0; connection < count; ++connection) to_receive_.push_back(connection);
}

// A ring that was closed may hold its sockets for a while: their end is told to the server at once.
void UringIo::close() {
    if (!is_open_) return;
    is_open_ = false;
    for (const LoadConnection& connection : connections_) ::shutdown(connection.fd(), SHUT_RDWR);
    io_uring_queue_exit(&ring_);
    if (buffer_ring_ != nullptr) ::munmap(buffer_ring_, buffer_count_ * sizeof(io_uring_buf));
    if (memory_ != nullptr) ::munmap(memory_, buffer_count_ * buffer_bytes_);
    buffer_ring_ = nullptr;
    memory_ = nullptr;
}

void UringIo::send(std::uint32_t connection) {
    Held& held = held_[connection];
    if (held.to_send) return;
    held.to_send = true;
    to_send_.push_back(connection);
}

void UringIo::wait(std::uint64_t timeout_ns, Receiver& receiver) {
    push_all();
    enter(timeout_ns);
    settle_sends(receiver);
    const std::uint64_t now_ns = monotonic_ns();
    io_uring_cqe* completion = nullptr;
    unsigned head = 0;
    unsigned seen = 0;
    io_uring_for_each_cqe(&ring_, head, completion) {
        ++seen;
        if (!is_send(*completion)) on_received(connection_of(*completion), *completion, now_ns, receiver);
    }
    io_uring_buf_ring_advance(buffer_ring_, given_back_);
    given_back_ = 0;
    io_uring_cq_advance(&ring_, seen);
}

// A full queue is submitted; sends among it are settled with the others.
io_uring_sqe* UringIo::entry() {
    io_uring_sqe* entry = io_uring_get_sqe(&ring_);
    while (entry == nullptr) {
        const int result = io_uring_submit(&ring_);
        if (result < 0 && result != -EINTR && result != -EAGAIN) throw run_failed(refused("io_uring_enter", result));
        entry = io_uring_get_sqe(&ring_);
    }
    return entry;
}

void UringIo::push_receive(std::uint32_t connection) {
    io_uring_sqe* const sqe = entry();
    io_uring_prep_recv_multishot(sqe, static_cast<int>(connection), nullptr, 0, 0);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = buffer_group;
    io_uring_sqe_set_data64(sqe, connection);
}

// With MSG_WAITALL and MSG_DONTWAIT together the send is over when the enter that submits it returns, and a socket that did not
// take all of it leaves a completion that says how much; with one of them alone a part could be lost in silence.
void UringIo::push_send(std::uint32_t connection) {
    const std::string_view bytes = connections_[connection].unsent_bytes();
    io_uring_sqe* const sqe = entry();
    io_uring_prep_send(sqe, static_cast<int>(connection), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL | MSG_DONTWAIT);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_CQE_SKIP_SUCCESS;
    io_uring_sqe_set_data64(sqe, connection | send_bit);
    sending_.push_back(connection);
}

void UringIo::push_rest(std::uint32_t connection) {
    const std::string_view bytes = std::string_view(held_[connection].rest).substr(held_[connection].rest_sent);
    io_uring_sqe* const sqe = entry();
    io_uring_prep_send(sqe, static_cast<int>(connection), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_WAITALL);
    sqe->flags |= IOSQE_FIXED_FILE;
    io_uring_sqe_set_data64(sqe, connection | send_bit);
}

void UringIo::push_all() {
    for (const std::uint32_t connection : to_receive_) push_receive(connection);
    to_receive_.clear();
    for (const std::uint32_t connection : to_resume_) push_rest(connection);
    to_resume_.clear();
    for (const std::uint32_t connection : to_send_) {
        held_[connection].to_send = false;
        // While the rest of an earlier send is on its way this waits; its end sends it.
        if (held_[connection].rest.empty() && connections_[connection].unsent()) push_send(connection);
    }
    to_send_.clear();
}

void UringIo::enter(std::uint64_t timeout_ns) {
    constexpr std::uint64_t ns_per_s = 1'000'000'000;
    __kernel_timespec timeout{static_cast<std::int64_t>(timeout_ns / ns_per_s), static_cast<long long>(timeout_ns % ns_per_s)};
    io_uring_cqe* first = nullptr;
    int result = io_uring_submit_and_wait_timeout(&ring_, &first, 1, &timeout, nullptr);
    while (true) {
        if (result < 0 && result != -ETIME && result != -EINTR && result != -EAGAIN && result != -EBUSY)
            throw run_failed(refused("io_uring_enter", result));
        if (io_uring_sq_ready(&ring_) == 0) return;
        result = io_uring_submit(&ring_);  // what a signal or a lack of memory kept from the kernel
    }
}

// What left no completion was taken whole.
void UringIo::settle_sends(Receiver& receiver) {
    io_uring_cqe* completion = nullptr;
    unsigned head = 0;
    io_uring_for_each_cqe(&ring_, head, completion) {
        if (is_send(*completion)) on_sent(connection_of(*completion), completion->res, receiver);
    }
    for (const std::uint32_t connection : sending_) {
        Held& held = held_[connection];
        LoadConnection& sender = connections_[connection];
        const std::size_t taken = held.is_cut ? held.taken : sender.unsent_bytes().size();
        sent_bytes_ += taken;
        sender.consume(taken);
        held.is_cut = false;
        if (!sender.unsent()) continue;
        sender.waits_for_room = true;
        held.rest = sender.take_unsent();
        held.rest_sent = 0;
        to_resume_.push_back(connection);
    }
    sending_.clear();
}

void UringIo::on_sent(std::uint32_t connection, int result, Receiver& receiver) {
    if (result == -EPIPE || result == -ECONNRESET) throw run_failed("the server closed a connection");
    if (result < 0 && result != -EAGAIN && result != -EINTR) throw run_failed(refused("send", result));
    const std::size_t taken = result < 0 ? 0 : static_cast<std::size_t>(result);
    Held& held = held_[connection];
    if (held.rest.empty()) {
        held.is_cut = true;
        held.taken = taken;
        return;
    }
    sent_bytes_ += taken;
    held.rest_sent += taken;
    if (held.rest_sent < held.rest.size()) return to_resume_.push_back(connection);
    held.rest.clear();
    connections_[connection].waits_for_room = false;
    if (connections_[connection].unsent()) receiver.can_send(connection);
}

void UringIo::on_received(std::uint32_t connection, const io_uring_cqe& completion, std::uint64_t now_ns, Receiver& receiver) {
    const int result = completion.res;
    if ((completion.flags & IORING_CQE_F_MORE) == 0) to_receive_.push_back(connection);
    if ((completion.flags & IORING_CQE_F_BUFFER) != 0) {
        const auto buffer = static_cast<std::uint16_t>(completion.flags >> IORING_CQE_BUFFER_SHIFT);
        if (result > 0) receiver.received(connection, {buffer_at(buffer), static_cast<std::size_t>(result)}, now_ns);
        lend(buffer, given_back_++);
    }
    if (result > 0) return;
    if (result == 0 || result == -ECONNRESET) return receiver.closed(connection);
    // Without a free buffer the receive is armed anew when all that this wait brought are back.
    if (result != -ENOBUFS && result != -EAGAIN && result != -EINTR) throw run_failed(refused("recv", result));
}

void UringIo::lend(std::uint16_t buffer, int place) {
    io_uring_buf_ring_add(buffer_ring_, buffer_at(buffer), static_cast<unsigned>(buffer_bytes_), buffer,
                          io_uring_buf_ring_mask(buffer_count_), place);
}

}  // namespace tare
