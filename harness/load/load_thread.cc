// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_thread.h"

#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <ctime>
#include <limits>

#include "core/clock.h"
#include "core/error.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

constexpr std::uint64_t silence_max_ns = 5'000'000'000;
// How long a wish to stop, or a silent server, may go unnoticed.
constexpr std::uint64_t sleep_max_ns = 100'000'000;
constexpr std::size_t input_bytes = std::size_t{64} << 10;
constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

// An open loop of a number of requests may send what is due so long after its end.
constexpr std::uint64_t catching_up_max_ns = 10'000'000;

}  // namespace

LoadThread::LoadThread(const LoadPlan& plan, const Protocol& protocol, const KeyPopularity& popularity, std::uint64_t connections,
                       std::uint64_t seed)
    : plan_(plan),
      protocol_(protocol),
      source_(plan, popularity, seed),
      seeds_(seed + 1),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      input_(input_bytes),
      offered_(connections) {
    if (!epoll_) throw system_failed("epoll_create1");
    connections_.reserve(connections);
    for (std::uint32_t index = 0; index < connections; ++index) {
        connections_.emplace_back(plan);
        epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {}};
        event.data.u32 = index;
        if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, connections_.back().fd(), &event) != 0) throw system_failed("epoll_ctl");
    }
}

void LoadThread::prepare(std::uint64_t first, std::uint64_t step, const std::atomic<bool>& stop) {
    if (first >= plan_.key_count) return;
    preparation_ = Preparation{first, step};
    WindowShare all;
    all.start_ns = monotonic_ns();
    all.requests = (plan_.key_count - first + step - 1) / step;
    run(all, stop);
    preparation_.reset();
}

ThreadResult LoadThread::run(const WindowShare& share, const std::atomic<bool>& stop) {
    // Else a sleep may last 50 microseconds longer than asked for.
    if (::prctl(PR_SET_TIMERSLACK, 1UL) != 0) throw system_failed("prctl PR_SET_TIMERSLACK");
    open_window(share);
    loop(stop);
    close_window();
    return std::move(result_);
}

void LoadThread::open_window(const WindowShare& share) {
    result_ = {};
    issuing_ = true;
    requests_left_ = share.requests > 0 ? share.requests : unlimited;
    end_ns_ = share.duration_ns > 0 ? share.start_ns + share.duration_ns : unlimited;
    schedule_.reset();
    heard_ns_ = share.start_ns;
    cpu_open_ns_ = thread_cpu_ns();
    if (share.open_loop) {
        schedule_.emplace(*share.open_loop, share.start_ns, seeds_());
        requests_left_ = share.open_loop->count;
        due_end_ns_ = share.start_ns + static_cast<std::uint64_t>(share.open_loop->length_ns);
        end_ns_ = std::min(end_ns_, due_end_ns_ + catching_up_max_ns);
        result_.first_send_ns = share.start_ns;  // the window is as long as the schedule, whenever something is due
        for (LoadConnection& connection : connections_) offer(connection);
        return;
    }
    for (LoadConnection& connection : connections_) fill(connection, monotonic_ns());
    flush_unsent();
}

void LoadThread::close_window() { result_.sums.client_cpu_ns.push_back(thread_cpu_ns() - cpu_open_ns_); }

void LoadThread::loop(const std::atomic<bool>& stop) {
    while (true) {
        const std::uint64_t now_ns = monotonic_ns();
        if (issuing_ && schedule_) dispatch_due(now_ns);
        if (issuing_ && (is_over(now_ns) || stop.load(std::memory_order_relaxed) || interrupted())) stop_issuing(now_ns);
        if (!issuing_ && in_flight_ == 0) return;
        refuse_silence(now_ns);
        wait_and_serve();
    }
}

bool LoadThread::is_over(std::uint64_t now_ns) const {
    return now_ns >= end_ns_ || (requests_left_ == 0 && (!schedule_ || now_ns >= due_end_ns_));
}

void LoadThread::refuse_silence(std::uint64_t now_ns) const {
    if (in_flight_ > 0 && now_ns > heard_ns_ + silence_max_ns) throw run_failed("no reply within 5 s");
}

std::uint64_t LoadThread::sleep_until_ns(std::uint64_t now_ns) const {
    std::uint64_t until_ns = now_ns + sleep_max_ns;
    if (!issuing_ || !schedule_) return until_ns;
    if (!offered_.empty()) until_ns = std::min(until_ns, schedule_->next_due_ns());
    return std::min(until_ns, requests_left_ > 0 ? end_ns_ : due_end_ns_);
}

void LoadThread::wait_and_serve() {
    std::array<epoll_event, 256> events;
    const std::uint64_t now_ns = monotonic_ns();
    const std::uint64_t until_ns = sleep_until_ns(now_ns);
    const timespec timeout{0, static_cast<long>(until_ns > now_ns ? until_ns - now_ns : 0)};
    const int count = ::epoll_pwait2(epoll_.get(), events.data(), events.size(), &timeout, nullptr);
    if (count < 0 && errno != EINTR) throw system_failed("epoll_pwait2");
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        serve(connections_[event.data.u32], event.events);
    }
    flush_unsent();
}

void LoadThread::serve(LoadConnection& connection, std::uint32_t events) {
    if (connection.unsent()) flush(connection);
    if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) receive(connection);
}

void LoadThread::receive(LoadConnection& connection) {
    ssize_t size_bytes = 0;
    std::uint64_t now_ns = 0;
    do {
        size_bytes = ::recv(connection.fd(), input_.data(), input_.size(), MSG_DONTWAIT);
        if (size_bytes < 0 && (errno == EAGAIN || errno == EINTR)) break;
        if (size_bytes < 0) throw system_failed("recv");
        if (size_bytes == 0) throw run_failed("the server closed a connection");
        now_ns = monotonic_ns();
        result_.sums.received_bytes += static_cast<std::uint64_t>(size_bytes);
        connection.verify({input_.data(), static_cast<std::size_t>(size_bytes)}, protocol_, expected_,
                          [&](const InFlight& request) { finished(request, now_ns); });
        // A read that did not fill the buffer took all there was: what comes later is a new edge.
    } while (static_cast<std::size_t>(size_bytes) == input_.size());
    if (now_ns == 0) return;
    heard_ns_ = now_ns;
    if (!issuing_) return;
    if (schedule_)
        offer(connection);
    else
        fill(connection, now_ns);
}

void LoadThread::finished(const InFlight& request, std::uint64_t now_ns) {
    --in_flight_;
    result_.last_reply_ns = now_ns;
    if (!request.has_reply() || request.confirming) return;
    ++result_.sums.replies_received;
    result_.sums.latency_ns.record(now_ns - request.due_ns);
}

void LoadThread::offer(LoadConnection& connection) {
    if (connection.offered || !connection.has_room()) return;
    connection.offered = true;
    offered_.push(index_of(connection));
}

// Closed loop: all the room there is, for one send when everything that is ready was read: reads and sends each in a row
// cost this thread less than in turns.
void LoadThread::fill(LoadConnection& connection, std::uint64_t now_ns) {
    if (now_ns >= end_ns_) return;
    const bool waits_already = connection.unsent();
    while (connection.has_room() && requests_left_ > 0) append(connection, now_ns);
    if (!connection.has_room() && connection.needs_confirmation()) append_confirmation(connection);
    if (!waits_already && connection.unsent()) unsent_.push_back(index_of(connection));
}

void LoadThread::flush_unsent() {
    for (const std::uint32_t index : unsent_) flush(connections_[index]);
    unsent_.clear();
}

// Open loop: what is due goes to the connections with room, in turn. Where there is none it stays in the schedule.
void LoadThread::dispatch_due(std::uint64_t now_ns) {
    const std::uint64_t before_ns = std::min(now_ns + 1, end_ns_);
    while (requests_left_ > 0 && !offered_.empty() && schedule_->next_due_ns() < before_ns) {
        const std::uint32_t index = offered_.front();
        LoadConnection& connection = connections_[index];
        offered_.pop();
        connection.offered = false;
        if (!connection.has_room()) continue;
        if (!connection.unsent()) unsent_.push_back(index);
        append(connection, schedule_->next_due_ns());
        schedule_->advance();
        if (!connection.has_room() && connection.needs_confirmation()) append_confirmation(connection);
        offer(connection);
    }
    flush_unsent();
}

void LoadThread::append(LoadConnection& connection, std::uint64_t due_ns) {
    if (in_flight_ == 0) heard_ns_ = monotonic_ns();
    connection.append(protocol_, {draw(), false, due_ns});
    ++in_flight_;
    --requests_left_;
    ++result_.sums.requests_sent;
}

void LoadThread::append_confirmation(LoadConnection& connection) {
    connection.append(protocol_, {{0, Operation::get_miss}, true, 0});
    ++in_flight_;
    ++result_.sums.confirming_gets;
}

void LoadThread::flush(LoadConnection& connection) {
    if (result_.first_send_ns == 0) result_.first_send_ns = monotonic_ns();
    if (schedule_) {
        const std::uint64_t now_ns = monotonic_ns();
        connection.stamp_new([&](const InFlight& request) {
            if (!request.confirming) result_.sums.late_ns.record(now_ns - request.due_ns);
        });
    } else {
        connection.stamp_new([](const InFlight&) {});
    }
    result_.sums.sent_bytes += connection.send();
}

void LoadThread::stop_issuing(std::uint64_t now_ns) {
    issuing_ = false;
    if (schedule_) {
        result_.sums.overdue_requests = schedule_->drain_until(std::min(now_ns, end_ns_));
        result_.last_reply_ns = std::max(result_.last_reply_ns, std::min(now_ns, due_end_ns_));
    }
    while (!offered_.empty()) {
        connections_[offered_.front()].offered = false;
        offered_.pop();
    }
    for (LoadConnection& connection : connections_) {
        if (!connection.needs_confirmation()) continue;
        append_confirmation(connection);
        flush(connection);
    }
}

DrawnRequest LoadThread::draw() {
    if (!preparation_) return source_.draw();
    const std::uint64_t key = preparation_->next;
    preparation_->next += preparation_->step;
    return {key, Operation::set};
}

}  // namespace tare
