// SPDX-License-Identifier: Apache-2.0
// However much a run holds, report.md stays what a person reads: the rest is in the details.
#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/case_study/report.h"
#include "analysis/model/ladder_order.h"
#include "analysis/report/markdown.h"
#include "core/copy_edge.h"
#include "core/operation.h"
#include "run/observation.h"

namespace tare {
namespace {

// As large as a run of the suite `report`, and with a reason of its own for much that is absent.
class LargeRun {
public:
    LargeRun() {
        run_.id = "made-up";
        run_.environment = {{"suite", {{"name", "report"}, {"case_study", "overhead-analysis"}}}};
        for (const std::string_view wiring : wirings_in_order) {
            for (const std::string_view rung : rungs_in_order) add_variant(wiring, rung);
        }
        for (const char* const server : {"memcached", "redis", "nginx"}) add_external(server);
    }

    document::Document document() const {
        const Measurements measured(run_.observations);
        const LoadMeasurements load(run_.observations);
        return case_study::report_of({run_, measured, load, Prices(run_.environment, "made up")});
    }

private:
    void add(const CellKey& cell, std::uint64_t repetition, Source source, const std::string& metric, const std::string& detail) {
        const std::uint64_t value = 100 * (1 + number_ % 5);
        const bool lost = ++number_ % 50 == 0;
        const Measured<std::uint64_t> reading =
            lost ? Measured<std::uint64_t>(Absent{"lost for reason " + std::to_string(number_ % 1000 / 50)})
                 : Measured<std::uint64_t>(value);
        run_.observations.push_back({cell, repetition, source, {metric, detail}, {100, Per::request}, reading});
    }

    void add_counts(const CellKey& cell) {
        for (const std::uint64_t repetition : {0U, 1U}) {
            for (const Source source : {Source::prediction, Source::ledger, Source::bpf, Source::fdinfo}) {
                for (const char* const metric : {"syscalls", "sqes", "cqes", "allocations", "copies", "copied_bytes"})
                    add(cell, repetition, source, metric, "");
                add(cell, repetition, source, "syscalls", "sendto");
                add(cell, repetition, source, "copies", std::string(copy_edges.front().name));
            }
        }
    }

    void add_variant(std::string_view wiring, std::string_view rung) {
        const bool is_epoll = wiring == "level" || wiring.starts_with("edge") || wiring == "rearm";
        CellKey cell{{is_epoll ? "epoll" : "uring", std::string(wiring), std::string(rung)}};
        cell.key_bytes = 16;
        cell.build = Build::counted;
        for (const std::string_view op : operation_names) {
            cell.op = op;
            for (const std::uint64_t value_bytes : {64U, 131072U}) {
                cell.value_bytes = value_bytes;
                add_counts(cell);
            }
        }
        cell.mode = Mode::load;
        cell.op = "get_hit";
        for (const std::uint64_t connections : {1U, 64U}) add_load(cell, connections);
    }

    void add_load(CellKey cell, std::uint64_t connections) {
        cell.connections = connections;
        for (const std::uint64_t value_bytes : {64U, 1024U, 16384U}) {
            cell.value_bytes = value_bytes;
            for (std::uint64_t repetition = 0; repetition < 6; ++repetition) {
                CellKey timed = cell;
                if (timed.build == Build::counted) timed.build = Build::timed;
                for (const char* const metric : {"cpu_ns", "cpu_user_ns", "cpu_system_ns"})
                    add(timed, repetition, Source::rusage, metric, "");
                add(timed, repetition, Source::client, "elapsed_ns", "");
                add(timed, repetition, Source::client, "marks", "");
                add(timed, repetition, Source::client, "marks", "steal");
                if (cell.build != Build::counted) continue;
                for (const Source source : {Source::ledger, Source::bpf}) {
                    add(cell, repetition, source, "syscalls", "");
                    add(cell, repetition, source, "wait_events", "");
                    add(cell, repetition, source, "syscalls", "epoll_wait");
                }
            }
        }
    }

    void add_external(const std::string& server) {
        CellKey cell{{server, "", ""}};
        cell.build = Build::external;
        cell.key_bytes = 16;
        for (const char* const op : {"get_hit", "get_miss", "set"}) {
            cell.op = op;
            cell.value_bytes = 64;
            add_counts(cell);
        }
        cell.op = "get_hit";
        cell.mode = Mode::load;
        add_load(cell, 64);
    }

    Run run_;
    std::uint64_t number_ = 0;
};

std::ptrdiff_t lines_of(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(length, the_report_of_the_largest_suite_is_read_by_a_person) {
    const auto files = markdown::files(LargeRun().document());
    EXPECT_LE(lines_of(files.at("report.md")), 600) << files.at("report.md");
    std::ptrdiff_t details = 0;
    for (const auto& [name, text] : files) details += lines_of(text);
    EXPECT_GT(details, 5000) << "or the run is no large one";
}

}  // namespace
}  // namespace tare
