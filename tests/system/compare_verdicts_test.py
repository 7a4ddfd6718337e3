# SPDX-License-Identifier: Apache-2.0
"""The verdicts of `tare compare` on runs made up for them, with the exit codes and what is printed: three zones of counts and
times, what a gate makes of what is not resolved, and what would have been found."""
import hashlib
import json
import pathlib
import tempfile
import unittest

import tare

LOCKSTEP = ("epoll", "level", "as_described", "counted", "request", "get_hit", 16, 64, 1, 1, "lockstep")
LOAD = ("epoll", "level", "as_described", "timed", "request", "get_hit", 16, 64, 64, 1, "load")
CELL = "epoll/level/as_described"
BASE_NS = (5000, 5010, 4990, 5005, 4995, 5020, 4980, 5001, 4999, 5000)
# Times of the head: the whole interval beyond 3 %, on both sides of it, and within.
CLEAR = (1.08, 1.081, 1.079, 1.08, 1.082, 1.078, 1.08, 1.081, 1.079, 1.08)
STRADDLING = (1.021, 1.021, 1.022, 1.025, 1.025, 1.025, 1.025, 1.08, 1.12, 1.12)
WITHIN = (1.01, 1.011, 1.009, 1.01, 1.012, 1.008, 1.01, 1.011, 1.009, 1.01)


class Verdicts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_of(self, name, calls=(6, 6), times=(), marked=()):
        """A run of two lockstep windows of 100 and 200 requests, with so many calls for each request, and of times under load."""
        rows = [(LOCKSTEP, repetition, "bpf", "syscalls", "", "request", requests, per_request * requests)
                for repetition, (requests, per_request) in enumerate(zip((100, 200), calls))]
        for repetition, time_ns in enumerate(times):
            rows.append((LOAD, repetition, "rusage", "cpu_ns", "", "request", 1000, round(time_ns * 1000)))
            rows.extend((LOAD, repetition, "client", "marks", mark, "request", 1000, 1) for mark in marked)
        lines = [",".join(map(str, (*cell, *rest, "ok"))) for cell, *rest in rows]
        run = self.folder / name
        run.mkdir()
        (run / "observations.csv").write_text("\n".join([",".join(tare.Row._fields), *lines, ""]), encoding="utf-8")
        environment = {"schema": 2, "run": name, "suite": {"name": "made_up"}, "warnings": []}
        (run / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
        (run / "COMPLETE").write_text("".join(f"{hashlib.sha256((run / each).read_bytes()).hexdigest()}  {each}\n"
                                              for each in ("observations.csv", "environment.json")), encoding="utf-8")
        return str(run)

    def compared(self, base, head, code, *arguments, unresolved=None):
        if unresolved:
            gate = self.folder / "gate.toml"
            gate.write_text(tare.run("compare", "--print-gate").stdout.replace('unresolved = "pass"', f'unresolved = "{unresolved}"'),
                            encoding="utf-8")
            arguments = (*arguments, "--gate", str(gate))
        done = tare.run("compare", base, head, *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def times(self, factors, **more):
        return (self.run_of("base", times=BASE_NS),
                self.run_of("head", times=[time * factor for time, factor in zip(BASE_NS, factors)], **more))

    def test_one_window_above_an_exact_base_crosses_the_gate(self):
        text = self.compared(self.run_of("base"), self.run_of("head", calls=(6, 100)), 1)
        self.assertRegex(text, r"syscalls +bpf +6 -> 68.667  \+62.667 \(\+1044.4 %\)  worse, gate crossed")
        self.assertIn("* head varies between its windows: 6 to 100", text)
        self.assertIn("gate crossed by 1 quantity\n", text)

    def test_what_only_one_window_of_an_exact_base_has_less_of_is_not_worse(self):
        text = self.compared(self.run_of("base"), self.run_of("head", calls=(6, 5)), 0)
        self.assertIn("1 quantity of 1 cell: 1 not worse\n", text)
        self.assertIn("gate passed\n", text)

    def test_a_time_whose_whole_interval_clears_the_gate_crosses_it(self):
        text = self.compared(*self.times(CLEAR), 1)
        self.assertRegex(text, r"cpu_ns +rusage +5000 -> 5402.\d+  \+8.00 % \[\+7.90 %, \+8.10 %\]  worse, gate crossed")

    def test_a_time_within_the_gate_is_the_same_and_shown(self):
        text = self.compared(*self.times(WITHIN), 0, unresolved="fail")
        self.assertRegex(text, r"cpu_ns .* \+1.00 % \[\+0.90 %, \+1.10 %\]  same\n")

    def test_a_time_that_may_be_worse_is_unresolved_and_the_gate_decides(self):
        runs = self.times(STRADDLING)
        text = self.compared(*runs, 0)
        self.assertRegex(text, r"Unresolved: may be worse, and may not\n  epoll.*\n"
                               r" +cpu_ns +rusage .* \+2.50 % \[\+2.10 %, \+12.0 %\]  unresolved: the interval is neither beyond 3 % nor within")
        self.assertIn("gate passed, 1 quantity unresolved\n", text)
        self.assertIn("gate not decided, 1 quantity could not be judged\n", self.compared(*runs, 4, unresolved="refuse"))
        text = self.compared(*runs, 1, unresolved="fail")
        self.assertIn("unresolved: the interval is neither beyond 3 % nor within, gate failed", text)
        self.assertIn("gate failed by 1 quantity that could not be judged\n", text)
        for name, told in (("markdown", "**unresolved**"), ("annotations", "::error title=tare%3A could not be judged%2C and fails::"),
                           ("junit", '5125, +2.50 % [+2.10 %, +12.0 %]: unresolved'),
                           ("json", '"outcome": "could not be judged, and fails"')):
            self.assertIn(told, self.compared(*runs, 1, "--format", name, unresolved="fail"))

    def test_a_head_whose_every_window_is_marked_is_not_passed_in_silence(self):
        runs = self.times(CLEAR, marked=["steal"])
        text = self.compared(*runs, 0)
        self.assertIn("unresolved: every pair of repetitions is marked", text)
        self.assertIn("* 10 of 10 pairs are left out for their marks: head: steal", text)
        self.assertIn("gate passed, 1 quantity unresolved\n", text)
        self.compared(*runs, 1, unresolved="fail")

    def test_every_output_says_what_would_have_been_found(self):
        runs = self.times(WITHIN)
        rows = {row["metric"]: row for row in json.loads(self.compared(*runs, 0, "--format", "json"))["rows"]}
        self.assertEqual(rows["syscalls"]["certain_one_in"], 300)
        self.assertGreater(rows["cpu_ns"]["minimum_detectable"], 0.03)
        self.assertLess(rows["cpu_ns"]["minimum_detectable"], 0.04)
        for name in ("text", "markdown"):
            text = self.compared(*runs, 0, "--format", name)
            self.assertRegex(text, r"counts of 1 cell: what happens once in 300 requests or oftener, for certain")
            self.assertRegex(text, rf"cpu_ns of {CELL} timed get_hit 16 64 64 connections load: 3.\d % more is found in 80 %")


if __name__ == "__main__":
    tare.main()
