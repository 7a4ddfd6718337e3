// SPDX-License-Identifier: Apache-2.0
#include "harness/load/load_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <latch>

#include "core/clock.h"
#include "core/error.h"
#include "harness/load/load_thread.h"
#include "harness/load/protocols/value_files.h"
#include "harness/process/cpu_affinity.h"
#include "harness/process/descriptor_limit.h"

namespace tare {
namespace {

constexpr std::uint64_t connections_max = 1'000'000;
constexpr std::uint64_t pipeline_max = 65'536;

bool asks_for(const LoadPlan& plan, Operation operation) {
    return std::any_of(plan.mix.begin(), plan.mix.end(),
                       [&](const LoadPlan::Share& share) { return share.operation == operation; });
}

std::size_t threads_of(const LoadPlan& plan) { return std::max<std::size_t>(1, plan.cpus.size()); }

// What falls to one of `parts`: everything split evenly, the remainder to the first.
std::uint64_t part_of(std::uint64_t all, std::size_t part, std::size_t parts) {
    return all / parts + (part < all % parts ? 1 : 0);
}

const LoadPlan& checked(const LoadPlan& plan) {
    const std::size_t threads = threads_of(plan);
    if (plan.connections < threads || plan.connections > connections_max)
        throw usage_error(fmt::format("connections are from {} (one for each thread) to {}", threads, connections_max));
    if (plan.pipeline == 0 || plan.pipeline > pipeline_max)
        throw usage_error(fmt::format("a pipeline is from 1 to {}", pipeline_max));
    if (plan.mix.empty() || plan.value_bytes.empty()) throw usage_error("a load needs an operation and a value size");
    if (asks_for(plan, Operation::delete_hit))
        throw usage_error("delete under load: a key can be deleted once only, so most of them would find nothing");
    return plan;
}

// What stores every key's value first. A built-in protocol's keys are always there, whatever is asked for.
std::optional<Operation> storing_operation(const LoadPlan& plan) {
    if (!plan.protocol.own) return Operation::set;
    for (const LoadPlan::Share& share : plan.mix) {
        if (const auto storing = preparation_of(plan.protocol, share.operation)) return storing;
    }
    return std::nullopt;
}

void check_window(const LoadWindow& window) {
    if (window.duration_ns == 0 && window.requests == 0) throw usage_error("a window needs a duration or a number of requests");
    if (window.open_loop) due_times(window, 0, 1);
}

WindowShare share_of(const LoadWindow& window, std::size_t thread, std::size_t threads) {
    WindowShare share;
    share.duration_ns = window.duration_ns;
    share.requests = part_of(window.requests, thread, threads);
    if (window.open_loop) share.open_loop = due_times(window, thread, threads);
    return share;
}

LoadResult merged(const std::vector<ThreadResult>& parts) {
    LoadResult all;
    std::uint64_t first_send_ns = 0;
    std::uint64_t last_reply_ns = 0;
    for (const auto& [sums, first, last] : parts) {
        all.requests_sent += sums.requests_sent;
        all.replies_received += sums.replies_received;
        all.confirming_gets += sums.confirming_gets;
        all.sent_bytes += sums.sent_bytes;
        all.received_bytes += sums.received_bytes;
        all.overdue_requests += sums.overdue_requests;
        all.latency_ns.merge(sums.latency_ns);
        all.late_ns.merge(sums.late_ns);
        all.client_cpu_ns.insert(all.client_cpu_ns.end(), sums.client_cpu_ns.begin(), sums.client_cpu_ns.end());
        if (first > 0) first_send_ns = first_send_ns == 0 ? first : std::min(first_send_ns, first);
        last_reply_ns = std::max(last_reply_ns, last);
    }
    all.elapsed_ns = last_reply_ns > first_send_ns ? last_reply_ns - first_send_ns : 0;
    return all;
}

}  // namespace

LoadClient::LoadClient(const LoadPlan& plan)
    : plan_(checked(plan)),
      pool_(plan.value_bytes, plan.seed, has_text_values(plan.protocol)),
      protocol_(make_protocol(plan, pool_)),
      popularity_(plan.popularity, plan.key_count),
      workers_(threads_of(plan)) {
    allow_connections(plan.connections);
    client_io_ = choose_client_io(plan.client_io, plan.server, part_of(plan.connections, 0, workers_.count()));
    for (std::size_t thread = 0; thread < workers_.count(); ++thread) {
        // Seeds apart: a thread uses its own and the next.
        threads_.push_back(std::make_unique<LoadThread>(plan_, client_io_.used, *protocol_, popularity_,
                                                        part_of(plan.connections, thread, workers_.count()),
                                                        (plan.seed << 16) + 2 * thread));
    }
    open();
}

LoadClient::~LoadClient() { close(); }

void LoadClient::open() {
    try {
        on_each_thread([this](std::size_t thread) {
            if (!plan_.cpus.empty()) pin_this_thread(plan_.cpus[thread]);
            threads_[thread]->open();
        });
    } catch (...) {
        close();
        throw;
    }
}

void LoadClient::close() {
    workers_.run([this](std::size_t thread) { threads_[thread]->close(); });
}

void LoadClient::prepare() {
    if (plan_.protocol.is(ProtocolKind::http)) {
        if (asks_for(plan_, Operation::get_hit)) write_value_files(plan_, pool_);
        return;
    }
    const std::optional<Operation> storing = storing_operation(plan_);
    if (!storing) return;
    on_each_thread([&](std::size_t thread) { threads_[thread]->prepare(*storing, thread, threads_.size(), stop_); });
}

LoadResult LoadClient::run(const LoadWindow& window) {
    check_window(window);
    std::vector<ThreadResult> parts(threads_.size());
    std::atomic<std::uint64_t> begin_ns = 0;
    on_each_thread([&](std::size_t thread) {
        WindowShare share = share_of(window, thread, threads_.size());
        // All are ready; the first of them says when it is that all begin.
        std::uint64_t unset = 0;
        begin_ns.compare_exchange_strong(unset, monotonic_ns());
        share.start_ns = begin_ns;
        if (window.requests == 0 || share.requests > 0) parts[thread] = threads_[thread]->run(share, stop_);
    });
    LoadResult result = merged(parts);
    result.client_io = client_io_;
    return result;
}

void LoadClient::on_each_thread(const std::function<void(std::size_t)>& work) {
    std::vector<std::exception_ptr> faults(threads_.size());
    std::latch ready(static_cast<std::ptrdiff_t>(threads_.size()));
    workers_.run([&](std::size_t thread) {
        ready.arrive_and_wait();
        try {
            work(thread);
        } catch (...) {
            faults[thread] = std::current_exception();
            stop();  // the others end as well
        }
    });
    for (const std::exception_ptr& fault : faults) {
        if (fault) std::rethrow_exception(fault);
    }
}

}  // namespace tare
