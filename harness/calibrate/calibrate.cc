// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <exception>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/check.h"
#include "core/error.h"
#include "core/median.h"
#include "core/status.h"
#include "harness/calibrate/calibration.h"
#include "harness/process/interrupt.h"
#include "harness/process/progress.h"

namespace tare {
namespace {

using calibration::Subject;
using calibration::Subjects;
using calibration::Timed;

std::string id_of(const Subject& subject) { return subject.name + "/" + std::to_string(subject.argument); }

// Keeps the time of every repetition, and prints nothing: stdout is the caller's.
class Collector : public benchmark::BenchmarkReporter {
public:
    explicit Collector(const Subjects& subjects) : progress_(subjects.size()) {
        for (const Subject& subject : subjects) {
            subjects_.emplace(id_of(subject), rows_.size());
            rows_.push_back({subject.name, subject.argument, subject.argument_unit, Absent{"it was not measured"}});
        }
        for (const Subject& subject : subjects) events_.push_back(static_cast<double>(subject.events_per_iteration));
        repetitions_.resize(rows_.size());
        show_next();
    }

    bool ReportContext(const Context&) override { return true; }

    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            const std::size_t index = subjects_.at(run.run_name.function_name);
            repetitions_[index].push_back(ns_of(run, events_[index]));
        }
        show_next();
    }

    std::vector<Calibration> rows() const {
        std::vector<Calibration> rows = rows_;
        for (std::size_t index = 0; index < rows.size(); ++index) rows[index].ns = whole(repetitions_[index]);
        return rows;
    }

private:
    // Of one event.
    static Measured<double> ns_of(const Run& run, double events) {
        if (run.error_occurred) return Absent{run.error_message};
        const bool parts = !run.run_name.time_type.empty();
        const double iteration_ns = parts ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime();
        // Some times are the difference of two, which a disturbed machine can turn around.
        if (iteration_ns <= 0) return Absent{"a difference of two times was not above 0"};
        return iteration_ns / events;
    }

    // Absent as a whole for the first repetition that failed.
    static Measured<std::vector<double>> whole(const std::vector<Measured<double>>& repetitions) {
        if (repetitions.empty()) return Absent{"it was not measured"};
        std::vector<double> ns;
        for (const Measured<double>& repetition : repetitions) {
            if (!repetition.present()) return Absent{repetition.reason()};
            ns.push_back(repetition.value());
        }
        return ns;
    }

    void show_next() {
        if (shown_ < rows_.size()) progress_.step("calibrating", rows_[shown_++].name);
    }

    std::map<std::string, std::size_t> subjects_;
    std::vector<Calibration> rows_;
    std::vector<double> events_;
    std::vector<std::vector<Measured<double>>> repetitions_;
    Progress progress_;
    std::size_t shown_ = 0;
};

void register_subject(const Subject& subject, const CalibrationEffort& effort) {
    // A subject with a repetition that failed is absent, so those that follow are not measured. Nor may they be: of two that went
    // well Google Benchmark 1.7 makes a summary by what the first repetition holds, and one that failed holds nothing.
    const auto failure = std::make_shared<std::string>();
    const auto body = [&subject, failure](benchmark::State& state) {
        try {
            if (interrupted()) throw run_failed("interrupted");
            if (failure->empty()) subject.body(state);
        } catch (const Error& error) {
            *failure = error.what();
        }
        if (!failure->empty()) state.SkipWithError(failure->c_str());
    };
    benchmark::internal::Benchmark* const registered = benchmark::RegisterBenchmark(id_of(subject).c_str(), body);
    registered->Repetitions(static_cast<int>(effort.repetitions));
    if (subject.timed == Timed::parts) {
        registered->UseManualTime()->Iterations(effort.round_count);
    } else {
        registered->MinTime(effort.min_time_s);
    }
}

}  // namespace

std::vector<Calibration> calibrate(const Subjects& subjects, int cpu, const CalibrationEffort& effort) {
    Collector collector(subjects);
    benchmark::ClearRegisteredBenchmarks();
    for (const Subject& subject : subjects) register_subject(subject, effort);
    // In a thread of its own, which takes the pinning with it when it ends.
    std::exception_ptr failure;
    std::thread([&] {
        try {
            pin_this_thread(cpu);
            benchmark::RunSpecifiedBenchmarks(&collector, ".");
        } catch (...) {
            failure = std::current_exception();
        }
    }).join();
    benchmark::ClearRegisteredBenchmarks();  // they refer to `subjects`
    if (failure) std::rethrow_exception(failure);
    return collector.rows();
}

std::vector<Calibration> calibrate(const Pinning& pinning, const CalibrationEffort& effort) {
    Subjects subjects;
    calibration::add_system_call(subjects);
    calibration::add_uring_nops(subjects);
    calibration::add_memory(subjects);
    calibration::add_loopback(subjects, pinning.client_cpu);
    calibration::add_uring_loopback(subjects, pinning.client_cpu);
    calibration::add_epoll(subjects);
    calibration::add_wake_up(subjects, pinning);
    return calibrate(subjects, pinning.server_cpu, effort);
}

nlohmann::json to_json(const std::vector<Calibration>& rows) {
    nlohmann::json array = nlohmann::json::array();
    for (const Calibration& row : rows) {
        nlohmann::json object{{"name", row.name}, {"argument", row.argument}, {"argument_unit", row.argument_unit}};
        if (row.ns.present())
            object["ns"] = row.ns.value();
        else
            object["status"] = status_of(row.ns);
        array.push_back(std::move(object));
    }
    return array;
}

nlohmann::json to_json(const std::vector<Calibration>& before, const std::vector<Calibration>& after) {
    check(before.size() == after.size(), "two calibrations of other subjects");
    nlohmann::json array = to_json(before);
    for (std::size_t index = 0; index < after.size(); ++index) {
        nlohmann::json& row = array[index];
        const Measured<std::vector<double>>& ns = after[index].ns;
        if (!ns.present()) {
            row.erase("ns");
            row.emplace("status", absent_status("after the passes: " + ns.reason()));
        } else if (row.contains("ns")) {
            row["ns_after"] = ns.value();
        }
    }
    return array;
}

double median_ns(const Calibration& row) { return median(row.ns.value()); }

}  // namespace tare
