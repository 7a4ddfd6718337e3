// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_thread.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <limits>

#include "core/clock.h"
#include "core/error.h"
#include "harness/process/interrupt.h"

namespace tare {
namespace {

// How long a wish to stop, or a silent server, may go unnoticed.
constexpr std::uint64_t sleep_max_ns = 100'000'000;
constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

// An open loop of a number of requests may send what is due so long after its end.
constexpr std::uint64_t catching_up_max_ns = 10'000'000;

std::vector<LoadConnection> connect(const LoadPlan& plan, std::uint64_t count) {
    std::vector<LoadConnection> connections;
    connections.reserve(count);
    while (connections.size() < count) connections.emplace_back(plan);
    return connections;
}

}  // namespace

LoadThread::LoadThread(const LoadPlan& plan, ClientIo io, const Protocol& protocol, const KeyPopularity& popularity,
                       std::uint64_t connections, std::uint64_t seed)
    : plan_(plan),
      protocol_(protocol),
      source_(plan, popularity, seed),
      seeds_(seed + 1),
      connections_(connect(plan, connections)),
      io_(make_connection_io(io, plan, connections_)),
      offered_(connections) {}

void LoadThread::prepare(Operation storing, std::uint64_t first, std::uint64_t step, const std::atomic<bool>& stop) {
    if (first >= plan_.key_count) return;
    preparation_ = Preparation{storing, first, step};
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
    sent_bytes_open_ = io_->sent_bytes();
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

void LoadThread::close_window() {
    result_.sums.client_cpu_ns.push_back(thread_cpu_ns() - cpu_open_ns_);
    result_.sums.sent_bytes = sent_bytes();
}

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
    const auto silence_max_ns = static_cast<std::uint64_t>(std::chrono::nanoseconds(plan_.server.wait_max).count());
    if (in_flight_ == 0 || now_ns <= heard_ns_ + silence_max_ns) return;
    throw run_failed(fmt::format("no reply within {}{}: {} request{} in flight, {} bytes sent and {} received in this window",
                                 text_of_wait(plan_.server), plan_.server.has_datagrams() ? ", or a datagram was lost" : "",
                                 in_flight_, in_flight_ == 1 ? "" : "s", sent_bytes(), result_.sums.received_bytes));
}

std::uint64_t LoadThread::sleep_until_ns(std::uint64_t now_ns) const {
    std::uint64_t until_ns = now_ns + sleep_max_ns;
    if (!issuing_ || !schedule_) return until_ns;
    if (!offered_.empty()) until_ns = std::min(until_ns, schedule_->next_due_ns());
    return std::min(until_ns, requests_left_ > 0 ? end_ns_ : due_end_ns_);
}

void LoadThread::wait_and_serve() {
    const std::uint64_t now_ns = monotonic_ns();
    const std::uint64_t until_ns = sleep_until_ns(now_ns);
    io_->wait(until_ns > now_ns ? until_ns - now_ns : 0, *this);
    flush_unsent();
}

void LoadThread::received(std::uint32_t index, std::string_view bytes, std::uint64_t now_ns) {
    LoadConnection& connection = connections_[index];
    result_.sums.received_bytes += bytes.size();
    connection.verify(bytes, protocol_, expected_, [&](const InFlight& request) { finished(request, now_ns); });
    if (plan_.server.has_datagrams() && connection.in_reply()) throw run_failed("a datagram ends before the reply in it");
    heard_ns_ = now_ns;
    if (!issuing_) return;
    if (schedule_)
        offer(connection);
    else
        fill(connection, now_ns);
}

void LoadThread::closed(std::uint32_t index) {
    if (plan_.server.has_datagrams()) throw run_failed("the server sent a datagram without a byte");
    throw run_failed(fmt::format("the server closed a connection{}: {} bytes sent and {} received in this window",
                                 connections_[index].idle() ? "" : " instead of replying", sent_bytes(),
                                 result_.sums.received_bytes));
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
    const bool waits_already = connection.unsent() || connection.waits_for_room;
    while (connection.has_room() && requests_left_ > 0) append(connection, now_ns);
    if (!connection.has_room() && connection.needs_confirmation()) append_confirmation(connection);
    if (!waits_already && connection.unsent()) unsent_.push_back(index_of(connection));
}

void LoadThread::flush_unsent() {
    for (const std::uint32_t index : unsent_) flush(index);
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
        if (!connection.unsent() && !connection.waits_for_room) unsent_.push_back(index);
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

void LoadThread::flush(std::uint32_t index) {
    if (result_.first_send_ns == 0) result_.first_send_ns = monotonic_ns();
    if (schedule_) {
        const std::uint64_t now_ns = monotonic_ns();
        connections_[index].stamp_new([&](const InFlight& request) {
            if (!request.confirming) result_.sums.late_ns.record(now_ns - request.due_ns);
        });
    } else {
        connections_[index].stamp_new([](const InFlight&) {});
    }
    io_->send(index);
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
        flush(index_of(connection));
    }
}

DrawnRequest LoadThread::draw() {
    if (!preparation_) return source_.draw();
    const std::uint64_t key = preparation_->next;
    preparation_->next += preparation_->step;
    return {key, preparation_->storing};
}

}  // namespace tare
