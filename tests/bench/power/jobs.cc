// SPDX-License-Identifier: Apache-2.0
// tare-power-jobs: how the gate judges jobs drawn from recorded windows, or these as they were recorded; JSON on stdout. What the
// numbers amount to is power_page.py's business.
#include <CLI/CLI.hpp>
#include <atomic>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/power/resample.h"

namespace tare::power {
namespace {

using nlohmann::json;

constexpr std::uint64_t seed = 20260108;  // any will do, if it stays: the page must say the same when it is written twice

struct Options {
    std::string gate;
    std::string only;
    std::size_t windows = 2;
    std::size_t jobs = 1000;
    std::vector<double> percents;
    bool as_recorded = false;
    std::vector<std::string> runs;
};

// Of one cell and percentage, or of a whole job: how often of how many, in all and without one block of the recording each.
struct Rate {
    std::size_t found = 0;
    std::size_t jobs = 0;

    void add(bool found_it) {
        found += found_it ? 1 : 0;
        ++jobs;
    }
};
struct Tally {
    explicit Tally(std::size_t block_count) : without(block_count) {}

    Rate all;
    std::vector<Rate> without;
    std::map<std::string, std::size_t> verdicts;  // of all

    void add(const Tally& other) {
        all.found += other.all.found;
        all.jobs += other.all.jobs;
        for (std::size_t block = 0; block < without.size(); ++block) {
            without[block].found += other.without[block].found;
            without[block].jobs += other.without[block].jobs;
        }
        for (const auto& [verdict, count] : other.verdicts) verdicts[verdict] += count;
    }
};
using Tallies = std::map<std::pair<double, std::string>, Tally>;

bool anything_moved(const compare::Comparison& comparison) {
    return std::any_of(comparison.rows.begin(), comparison.rows.end(), [](const compare::ComparedRow& row) {
        return row.verdict == compare::Verdict::better || row.verdict == compare::Verdict::worse;
    });
}

class Jobs {
public:
    Jobs(const Options& options, const compare::Gate& gate, const std::vector<Slice>& slices, std::size_t block_count)
        : options_(options), gate_(gate), slices_(slices), gated_(gated_only(slices, gate)), block_count_(block_count) {}

    Tallies run() {
        std::vector<Tallies> tallies(std::max(1U, std::thread::hardware_concurrency()));
        std::vector<std::thread> threads;
        threads.reserve(tallies.size());
        for (Tallies& each : tallies) threads.emplace_back([this, &each] { work(each); });
        for (std::thread& thread : threads) thread.join();
        Tallies all;
        for (const Tallies& each : tallies) {
            for (const auto& [key, tally] : each) all.try_emplace(key, block_count_).first->second.add(tally);
        }
        return all;
    }

private:
    void work(Tallies& tallies) {
        for (std::size_t number = next_++; number < options_.jobs; number = next_++) {
            if (number % shown_every == 0) judge_all(number, tallies);
            judge_gated(number, std::nullopt, tallies);
            for (std::size_t block = 0; block < block_count_ && block_count_ > 1; ++block) judge_gated(number, block, tallies);
        }
    }

    // What a reader is shown, gated or not.
    void judge_all(std::size_t number, Tallies& tallies) {
        const Job job(drawn(slices_, options_.windows / 2, seed + number), gate_);
        tally_of(tallies, 0, "better or worse").all.add(anything_moved(job.judged()));
    }

    void judge_gated(std::size_t number, std::optional<std::size_t> without, Tallies& tallies) {
        const Job job(drawn(gated_, options_.windows / 2, seed + number, without), gate_);
        const auto rate_of = [&](Tally& tally) -> Rate& { return without ? tally.without[*without] : tally.all; };
        const compare::Comparison clean = job.judged();
        rate_of(tally_of(tallies, 0, "crossed")).add(clean.code() == ExitCode::gate_crossed);
        rate_of(tally_of(tallies, 0, "control alarmed")).add(!clean.control->alarms.empty());
        for (const double percent : options_.percents) {
            for (const CellKey& cell : job.cells()) {
                const compare::Comparison planted = job.judged(Plant{cell, percent / 100});
                const compare::ComparedRow& time = gated_time(planted, cell);
                Tally& tally = tally_of(tallies, percent, name_of(cell));
                rate_of(tally).add(time.outcome == compare::Outcome::crossed);
                if (!without) ++tally.verdicts[std::string(name_of(time.verdict))];
            }
        }
    }

    Tally& tally_of(Tallies& tallies, double percent, const std::string& what) const {
        return tallies.try_emplace({percent, what}, block_count_).first->second;
    }

    static constexpr std::size_t shown_every = 10;  // rows that are not gated are many, and decide nothing

    const Options& options_;
    const compare::Gate& gate_;
    const std::vector<Slice>& slices_;
    const std::vector<Slice> gated_;
    const std::size_t block_count_;
    std::atomic<std::size_t> next_ = 0;
};

json to_json(const compare::Comparison& comparison, const std::vector<CellKey>& cells) {
    json object{{"crossed", comparison.code() == ExitCode::gate_crossed}, {"moved", anything_moved(comparison)}};
    for (const CellKey& cell : cells) {
        const compare::ComparedRow& time = gated_time(comparison, cell);
        json row{
            {"cell", name_of(cell)}, {"verdict", name_of(time.verdict)}, {"crossed", time.outcome == compare::Outcome::crossed}};
        if (time.relative) row["relative"] = *time.relative;
        if (time.interval) row["interval"] = {time.interval->low, time.interval->high};
        object["times"].push_back(std::move(row));
    }
    return object;
}

json as_recorded(const std::vector<Slice>& slices, const compare::Gate& gate) {
    std::vector<const Slice*> all;
    all.reserve(slices.size());
    for (const Slice& slice : slices) all.push_back(&slice);
    const Job job(all, gate);
    return {
        {"slices", all.size()}, {"patched", to_json(job.judged(), job.cells())}, {"alike", to_json(job.alike(), job.cells())}};
}

json resampled(const Options& options, const compare::Gate& gate, const std::vector<Slice>& slices, std::size_t block_count) {
    json object{{"slices", slices.size()}, {"blocks", block_count}, {"windows", options.windows}, {"results", json::array()}};
    for (const auto& [key, tally] : Jobs(options, gate, slices, block_count).run()) {
        json row{{"percent", key.first}, {"what", key.second}, {"found", tally.all.found}, {"jobs", tally.all.jobs}};
        row["without"] = json::array();
        for (const Rate& rate : tally.without) {
            if (rate.jobs > 0) row["without"].push_back({rate.found, rate.jobs});
        }
        if (key.first > 0) row["verdicts"] = tally.verdicts;
        object["results"].push_back(std::move(row));
    }
    return object;
}

json run(const Options& options) {
    if (options.runs.size() % side_count != 0) throw usage_error("RUN comes in threes: base, control, head");
    const compare::Gate gate = compare::load_gate(options.gate);
    const std::regex only(options.only);
    std::vector<Slice> slices;
    json jobs = json::array();
    const std::size_t block_count = options.runs.size() / side_count;
    for (std::size_t block = 0; block < block_count; ++block) {
        const std::string* const runs = &options.runs[side_count * block];
        const std::vector<Slice> more = slices_of({runs[0], runs[1], runs[2]}, block, only);
        if (more.empty()) throw data_refused(options.runs[side_count * block] + " holds no whole slice");
        if (options.as_recorded) jobs.push_back(as_recorded(more, gate));
        slices.insert(slices.end(), more.begin(), more.end());
    }
    return options.as_recorded ? jobs : resampled(options, gate, slices, block_count);
}

}  // namespace
}  // namespace tare::power

int main(int argc, char** argv) {
    CLI::App app("How the gate judges jobs drawn from recorded windows");
    tare::power::Options options;
    app.add_option("RUN", options.runs, "base, control and head of each recording")->required();
    app.add_option("--gate", options.gate, "a gate's file; by default the built-in one");
    app.add_option("--only", options.only, "only cells whose name holds this regular expression");
    app.add_option("--windows", options.windows, "of each load cell and side in a job")->check(CLI::Range(2, 1000));
    app.add_option("--jobs", options.jobs, "how many are drawn")->check(CLI::Range(1, 1000000));
    app.add_option("--percent", options.percents, "what is planted, in one cell after the other")
        ->allow_extra_args(false)
        ->check(CLI::Range(0.1, 1000.0));
    app.add_flag("--as-recorded", options.as_recorded, "each recording is a job, in which nothing is planted but what was");
    try {
        app.parse(argc, argv);
        std::cout << tare::power::run(options).dump() << '\n';
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : static_cast<int>(tare::ExitCode::usage);
    } catch (const tare::Error& error) {
        std::cerr << error.what() << '\n';
        return static_cast<int>(error.code());
    }
    return 0;
}
