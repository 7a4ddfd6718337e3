// SPDX-License-Identifier: Apache-2.0
// The request path of every rung in process, without a socket; parser and store alone. Built twice like the servers: the
// timed program gives times, the counted one gives allocations and copied bytes per request.
#include <benchmark/benchmark.h>

#include <map>
#include <ostream>
#include <string>
#include <vector>

#include "core/ledger.h"
#include "servers/path/ladder.h"
#include "servers/path/request_path.h"

namespace tare {
namespace {

constexpr std::size_t store_bytes = std::size_t{64} << 20;
constexpr std::string_view key = "key-of-16-bytes!";

std::string set_text(std::size_t value_bytes) {
    return "set " + std::string(key) + " 0 0 " + std::to_string(value_bytes) + "\r\n" + std::string(value_bytes, 'v') + "\r\n";
}

std::string request_text(Operation operation, std::size_t value_bytes) {
    if (operation == Operation::set) return set_text(value_bytes);
    return operation == Operation::get_hit ? "get " + std::string(key) + "\r\n" : "get another-of-16-b!\r\n";
}

std::uint64_t sum(const auto& counts) {
    std::uint64_t total = 0;
    for (const std::uint64_t count : counts) total += count;
    return total;
}

// What the ledger counted per iteration, as counters of the benchmark; the timed build has no ledger and shows none.
template <class CountingLedger>
class LedgerCounters {
public:
    explicit LedgerCounters(benchmark::State& state) : state_(state) {
        if constexpr (CountingLedger::counts) open_ = CountingLedger::page().counts;
    }
    ~LedgerCounters() {
        if constexpr (CountingLedger::counts) {
            const Counts& close = CountingLedger::page().counts;
            show("allocations", sum(close.allocations) - sum(open_.allocations));
            show("copies", sum(close.copies) - sum(open_.copies));
            show("copied_bytes", sum(close.copied_bytes) - sum(open_.copied_bytes));
        }
    }

private:
    void show(const char* name, std::uint64_t count) {
        state_.counters[name] = benchmark::Counter(static_cast<double>(count), benchmark::Counter::kAvgIterations);
    }

    benchmark::State& state_;
    Counts open_;
};

template <class Rung>
void serve(benchmark::State& state, Operation operation) {
    const auto value_bytes = static_cast<std::size_t>(state.range(0));
    Store store(store_bytes);
    RequestPath<Rung> path(store);
    Session session;
    typename RequestPath<Rung>::Output output;
    path.serve(session, set_text(value_bytes), output);
    output.consume(output.size_bytes());
    const std::string request = request_text(operation, value_bytes);
    path.serve(session, request, output);  // the output buffer grows to its size
    output.consume(output.size_bytes());
    const LedgerCounters<Ledger> counters(state);
    for (auto _ : state) {
        const Served served = path.serve(session, request, output);
        benchmark::DoNotOptimize(output);
        if (served.consumed_bytes != request.size() || output.empty()) state.SkipWithError("the request was not served");
        output.consume(output.size_bytes());
    }
}

void parse(benchmark::State& state, Operation operation) {
    const std::string request = request_text(operation, 64);
    for (auto _ : state) {
        wire::Parsed parsed = wire::parse(request);
        benchmark::DoNotOptimize(parsed);
        if (parsed.consumed_bytes != request.size()) state.SkipWithError("the request was not parsed");
    }
}

void store_find(benchmark::State& state) {
    Store store(store_bytes);
    store.set(key, "value", 0, 0);
    for (auto _ : state) {
        const Item* item = store.find(key);
        benchmark::DoNotOptimize(item);
        if (item == nullptr) state.SkipWithError("the key was not found");
    }
}

void store_set(benchmark::State& state) {
    Store store(store_bytes);
    const std::string value(static_cast<std::size_t>(state.range(0)), 'v');
    for (auto _ : state) {
        if (!store.set(key, value, 0, 0)) state.SkipWithError("the value was not stored");
    }
}

template <class... Rungs>
void register_rungs(TypeList<Rungs...>) {
    const auto one = [](std::string_view rung, auto* benchmark, Operation operation) {
        benchmark::RegisterBenchmark(("serve/" + std::string(rung) + "/" + std::string(name_of(operation))).c_str(), benchmark,
                                     operation)
            ->Arg(64)
            ->Arg(65536)
            ->ArgName("value_bytes");
    };
    for (const Operation operation : {Operation::get_hit, Operation::get_miss, Operation::set})
        (one(Rungs::name, serve<Rungs>, operation), ...);
}

// The usual table, then the ladder's top against its bottom.
class RatioReporter : public benchmark::ConsoleReporter {
public:
    void ReportRuns(const std::vector<Run>& runs) override {
        ConsoleReporter::ReportRuns(runs);
        for (const Run& run : runs) cpu_ns_[run.benchmark_name()] = run.GetAdjustedCPUTime();
    }
    void Finalize() override {
        ConsoleReporter::Finalize();
        for (const char* const size : {"64", "65536"}) {
            const auto bottom = cpu_ns_.find(std::string("serve/as_described/get_hit/value_bytes:") + size);
            const auto top = cpu_ns_.find(std::string("serve/gathered_reply/get_hit/value_bytes:") + size);
            if (bottom == cpu_ns_.end() || top == cpu_ns_.end() || top->second == 0) continue;
            GetOutputStream() << "gathered_reply / as_described, get_hit, " << size << " bytes: " << top->second / bottom->second
                              << " of the CPU time\n";
        }
    }

private:
    std::map<std::string, double> cpu_ns_;
};

}  // namespace
}  // namespace tare

int main(int argc, char** argv) {
    tare::register_rungs(tare::Ladder{});
    benchmark::RegisterBenchmark("parse/get_hit", tare::parse, tare::Operation::get_hit);
    benchmark::RegisterBenchmark("parse/set", tare::parse, tare::Operation::set);
    benchmark::RegisterBenchmark("store/find", tare::store_find);
    benchmark::RegisterBenchmark("store/set", tare::store_set)->Arg(64)->Arg(65536)->ArgName("value_bytes");
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    tare::RatioReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    return 0;
}
