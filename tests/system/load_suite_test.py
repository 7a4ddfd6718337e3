# SPDX-License-Identifier: Apache-2.0
"""A suite under load end to end: timed and counted windows stay apart, both independent counters agree, a server that is not there is absent."""
import collections
import json
import re

import tare

SUITE = """
description = "a little of everything under load"
case_study = "overhead-analysis"

[server.memcached]
argv = ["memcached", "-l", "127.0.0.1", "-p", "{port}", "-U", "0", "-t", "1", "-u", "root"]
version = ["memcached", "-V"]

[server.nowhere]
argv = ["a-server-that-nobody-has", "{port}"]

[[load]]
variant = ["epoll/ideal", "uring/ideal", "null/epoll_level/fixed_reply", "memcached", "nowhere"]
build = ["timed", "counted"]
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 16
pipeline = [1, 4]
open_loop_percent = 20
duration_ms = 50
repetitions = 2
client_io = "%s"
"""
TIMES = {"cpu_ns", "cpu_user_ns", "cpu_system_ns", "elapsed_ns", "latency_ns", "client_cpu_ns"}
COUNTS = {"syscalls", "sqes", "cqes", "allocations", "copies", "wait_events"}


class LoadSuite(tare.Case):
    client_io = "epoll"

    @classmethod
    def setUpClass(cls):
        cls.rows = None

    def setUp(self):
        super().setUp()
        of = type(self)
        if of.rows is None:
            of.folder_of_run = self.run_suite(self.suite(SUITE % self.client_io))
            of.rows = tare.rows_of(of.folder_of_run)
            of.report = tare.report(of.folder_of_run)
            of.complete = (of.folder_of_run / "COMPLETE").read_text(encoding="utf-8")
            of.environment = json.loads((of.folder_of_run / "environment.json").read_text(encoding="utf-8"))

    def test_nothing_is_timed_and_counted_in_one_window(self):
        by_build = collections.defaultdict(set)
        for row in self.rows:
            by_build[row.build].add(row.metric)
        self.assertFalse(by_build["counted"] & TIMES)
        self.assertFalse(by_build["timed"] & COUNTS)
        self.assertTrue(TIMES <= by_build["timed"] and TIMES <= by_build["foreign"])
        # An external server has no counted build: a window of its own counts it, whose requests are not those of the timed one.
        divisors = collections.defaultdict(set)
        for row in self.rows:
            if row.server == "memcached" and row.status == "ok" and row.metric in TIMES | COUNTS:
                divisors[(row.pipeline, row.repetition, row.metric in COUNTS)].add(row.divisor)
        for (pipeline, repetition, counted), requests in divisors.items():
            if counted:
                self.assertFalse(requests & divisors[(pipeline, repetition, False)])
        self.assertTrue(COUNTS <= by_build["counted"])

    def test_every_repetition_has_its_marks_and_its_open_loop(self):
        cells = {row[0:12] for row in self.rows if row.server != "nowhere" and row.build != "counted"}
        self.assertEqual(len(cells), 4 * 2 * 2)
        for metric in ("marks", "open_latency_ns", "late_ns", "offered_per_s"):
            self.assertEqual({row[0:12] for row in self.rows if (row.metric, row.detail, row.status) == (metric, "", "ok")}, cells)

    def test_all_servers_of_a_workload_were_asked_at_one_rate_and_the_report_says_which(self):
        rates = collections.defaultdict(set)
        for row in self.rows:
            if row.metric == "offered_per_s" and row.status == "ok":
                rates[row.pipeline].add(row.value)
        self.assertEqual({pipeline: len(each) for pipeline, each in rates.items()}, {"1": 1, "4": 1})
        for each in rates.values():
            self.assertIn(f": at {min(each)}/s\n", self.report["time-per-request.md"])

    def test_every_timed_window_says_by_what_its_client_sent(self):
        used = [row for row in self.rows if row.metric == "client_io"]
        self.assertEqual({row.detail for row in used}, {self.client_io})
        self.assertEqual(len(used), 4 * 2 * 2)
        self.assertEqual(self.environment["client_io"]["auto"], "epoll" if "reason" in self.environment["client_io"] else "io_uring")

    def test_percentiles_of_all_repetitions_are_in_order(self):
        self.assertIn("histograms.csv", self.complete)
        tables = 0
        for table in re.findall(r"^\|.*\| p50 \|.*\n\|-.*\n(?:\|.*\n)+", self.report["time-per-request.md"], re.M):
            header, _, *lines = table.splitlines()
            columns = [name.strip() for name in header.split("|")]
            tables += 1
            for line in lines:
                fields = [field.strip() for field in line.split("|")]
                shown = [fields[columns.index(name)].split()[0] for name in ("p50", "p90", "p99", "p99.9", "p99.99", "max")]
                values = [float(value) for value in shown if not value.startswith("absent")]
                self.assertEqual(values, sorted(values), line)
        self.assertEqual(tables, 2)

    def test_ledger_and_bpf_agree_in_every_counted_window(self):
        seen = collections.defaultdict(dict)
        for row in self.rows:
            if row.build == "counted" and row.detail == "" and row.source in ("ledger", "bpf"):
                seen[row[0:12] + (row.metric,)][row.source] = (row.value, row.status)
        tare.required(any("bpf" in each and each["bpf"][1] == "ok" for each in seen.values()), "BPF")
        compared = 0
        for key, each in seen.items():
            if key[-1] not in ("syscalls", "sqes", "cqes", "wait_events") or len(each) < 2:
                continue
            self.assertEqual(each["ledger"], each["bpf"], key)
            self.assertEqual(each["bpf"][1], "ok", key)
            compared += 1
        self.assertEqual(compared, 3 * 2 * 2 * 4)

    def test_a_server_that_is_not_installed_is_absent_with_the_reason(self):
        rows = [row for row in self.rows if row.server == "nowhere"]
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual(row.value, "")
            self.assertIn("is it installed?", row.status)

    def test_the_report_has_the_load_and_names_the_absence(self):
        for section in ("## Time per Request", "## Runtime Comparison Summary", "## Conclusion", "## Amortisation"):
            self.assertIn(section, self.report["report.md"])
        self.assertRegex(self.report["report.md"], "`nowhere` was not measured: .*is it installed\\?")


class LoadSuiteByUring(LoadSuite):
    client_io = "io_uring"

    def setUp(self):
        tare.required("wiring uring/multishot" not in tare.absences(), "io_uring")
        super().setUp()


if __name__ == "__main__":
    tare.main()
