// SPDX-License-Identifier: Apache-2.0
// One thread of the load generator: its own connections, draws, histograms and I/O; nothing is shared with the others but
// the wish to stop.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "harness/load/arrival_schedule.h"
#include "harness/load/connection_io.h"
#include "harness/load/load_connection.h"
#include "harness/load/load_plan.h"
#include "harness/load/load_result.h"
#include "harness/load/request_source.h"

namespace tare {

// What one thread did in a window; the result's client_cpu_ns has one element.
struct ThreadResult {
    LoadResult sums;
    std::uint64_t first_send_ns = 0;
    std::uint64_t last_reply_ns = 0;
};

// What falls to one thread of a window.
struct WindowShare {
    std::uint64_t start_ns = 0;     // by monotonic_ns(), of all threads alike
    std::uint64_t duration_ns = 0;  // 0: no limit
    std::uint64_t requests = 0;     // 0: no limit; of an open loop `open_loop` has their number
    std::optional<DueTimes> open_loop;
};

class LoadThread final : private ConnectionIo::Receiver {
public:
    // Opens `connections`, to be served by `io`, which is chosen. Throws run_failed. What is referred to must outlive it.
    LoadThread(const LoadPlan& plan, ClientIo io, const Protocol& protocol, const KeyPopularity& popularity,
               std::uint64_t connections, std::uint64_t seed);

    // On the thread that runs all windows: before the first and after the last. The first throws cannot_measure when the kernel
    // refuses a ring.
    void open() { io_->open(); }
    void close() { io_->close(); }

    // Sets keys `first`, `first + step`, … to the first version of their values, by this operation.
    void prepare(Operation storing, std::uint64_t first, std::uint64_t step, const std::atomic<bool>& stop);
    // This thread's share of a window, on the calling thread.
    ThreadResult run(const WindowShare& share, const std::atomic<bool>& stop);

private:
    struct Preparation {
        Operation storing;
        std::uint64_t next;
        std::uint64_t step;
    };

    void open_window(const WindowShare& share);
    void close_window();
    bool is_over(std::uint64_t now_ns) const;
    void loop(const std::atomic<bool>& stop);
    void refuse_silence(std::uint64_t now_ns) const;
    void received(std::uint32_t connection, std::string_view bytes, std::uint64_t now_ns) override;
    void can_send(std::uint32_t connection) override { flush(connection); }
    [[noreturn]] void closed(std::uint32_t connection) override;
    std::uint64_t sent_bytes() const { return io_->sent_bytes() - sent_bytes_open_; }
    std::uint64_t sleep_until_ns(std::uint64_t now_ns) const;
    void wait_and_serve();
    void finished(const InFlight& request, std::uint64_t now_ns);
    void offer(LoadConnection& connection);
    void fill(LoadConnection& connection, std::uint64_t now_ns);
    void dispatch_due(std::uint64_t now_ns);
    void append(LoadConnection& connection, std::uint64_t due_ns);
    void append_confirmation(LoadConnection& connection);
    void flush(std::uint32_t connection);
    void flush_unsent();
    std::uint32_t index_of(const LoadConnection& connection) const {
        return static_cast<std::uint32_t>(&connection - &connections_.front());
    }
    void stop_issuing(std::uint64_t now_ns);
    DrawnRequest draw();

    const LoadPlan& plan_;
    const Protocol& protocol_;
    RequestSource source_;
    std::mt19937_64 seeds_;  // of the windows' schedules
    std::vector<LoadConnection> connections_;
    std::unique_ptr<ConnectionIo> io_;
    ExpectedReply expected_;
    Ring<std::uint32_t> offered_;  // open loop: connections with room, in turn
    std::vector<std::uint32_t> unsent_;

    // Of the window.
    std::optional<Preparation> preparation_;
    std::optional<Schedule> schedule_;  // nothing: closed loop
    bool issuing_ = false;
    std::uint64_t requests_left_ = 0;
    std::uint64_t end_ns_ = 0;      // nothing is sent from then on
    std::uint64_t due_end_ns_ = 0;  // open loop: nothing is due from then on
    std::uint64_t in_flight_ = 0;
    std::uint64_t heard_ns_ = 0;  // when the last byte came, or the first request that awaits one went
    std::uint64_t cpu_open_ns_ = 0;
    std::uint64_t sent_bytes_open_ = 0;
    ThreadResult result_;
};

}  // namespace tare
