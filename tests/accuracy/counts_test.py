# SPDX-License-Identifier: Apache-2.0
"""The suite `overhead-analysis` on small values: independent counters that agree exactly, the reference document's own verdicts, planted mistakes found."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import tare

CONTRACT = tare.SOURCE.parent / "shared" / "contract" / "check_run.py"
EPOLL, URING = "epoll/level/as_described", "uring/oneshot/as_described"


class Seed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tare.required_probes("system_calls", "queue_operations", "allocations", "copies")
        cls.results = tempfile.TemporaryDirectory(prefix="tare-test-")
        cls.addClassCleanup(cls.results.cleanup)
        cls.runs = []
        for only in ("", " 64$"):
            done = tare.run("run", "overhead-analysis", "--out", cls.results.name, "--only", only)
            assert done.returncode == 0, done.stderr
            cls.runs.append(pathlib.Path(done.stdout.splitlines()[-1]))
        cls.folder = cls.runs[0]
        cls.report = tare.report(cls.folder)["report.md"]
        cls.counts = [tare.per_request(tare.rows_of(run)) for run in cls.runs]

    def of(self, variant, op, source, metric):
        """{detail: count per request} of the first window, total under ''."""
        return {key[7]: value / requests for key, (value, requests) in self.counts[0].items()
                if key[:7] == (variant, "counted", op, 64, 0, source, metric)}

    def test_contract(self):
        tare.required(CONTRACT.is_file(), "the contract's check_run.py beside the clone")
        done = subprocess.run([sys.executable, CONTRACT, self.folder], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)
        done = subprocess.run(["sha256sum", "-c", "COMPLETE"], cwd=self.folder, capture_output=True, check=False)
        self.assertEqual(done.returncode, 0)

    def test_witnesses_agree_and_are_multiples(self):
        compared = 0
        for key, (value, requests) in self.counts[0].items():
            variant, build, op, value_bytes, repetition, source, metric, detail = key
            if value_bytes != 64 or source != "ledger" or detail:
                continue
            for other in ("bpf", "fdinfo", "prediction"):
                seen = self.counts[0].get((variant, build, op, value_bytes, repetition, other, metric, detail))
                if seen is None:
                    continue
                compared += 1
                self.assertEqual(seen[0], value, (key, other))
                self.assertEqual(value % requests, 0, key)
        # 24 cells of the counted build, two windows: eight metrics against BPF, seven against prediction, two against fdinfo.
        by_bpf = 8 - ("probe socket_bytes" in tare.absences())
        by_fdinfo = 0 if "probe fdinfo" in tare.absences() else 2
        self.assertEqual(compared, 24 * 2 * (by_bpf + 7 + by_fdinfo))

    def test_two_runs_cost_the_same(self):
        exact = ("syscalls", "sqes", "cqes", "allocations", "allocated_bytes", "copies", "copied_bytes", "kernel_copied_bytes")
        compared = 0
        for key, (value, requests) in self.counts[1].items():
            if key[6] in exact:
                first, first_requests = self.counts[0][key]
                self.assertEqual(first * requests, value * first_requests, key)
                compared += 1
        self.assertGreater(compared, 1000)

    def test_epoll_get_hit(self):
        for source in ("ledger", "bpf"):
            self.assertEqual(self.of(EPOLL, "get_hit", source, "syscalls"),
                             {"": 3, "epoll_wait": 1, "recvfrom": 1, "sendto": 1})

    def test_uring_get_hit(self):
        for source in ("ledger", "bpf"):
            self.assertEqual(self.of(URING, "get_hit", source, "syscalls"), {"": 2, "io_uring_enter": 2})
            for queue in ("sqes", "cqes"):
                self.assertEqual(self.of(URING, "get_hit", source, queue), {"": 2, "recv": 1, "send": 1})

    def test_verdicts(self):
        disproved = {(claim["server"], claim["op"], claim["metric"]): claim for claim in tare.claims_of(self.folder)
                     if claim["verdict"] == "disproved"}
        for server in ("io_uring", "mio"):
            self.assertIn("keys_ref", disproved[server, "get_miss", "allocations"]["part"])
            self.assertIn("response", disproved[server, "get_hit", "allocations"]["part"])
            self.assertIn("storage_to_clone", disproved[server, "get_hit", "data_copies"]["part"])
            self.assertIn("input_to_storage", disproved[server, "set", "data_copies"]["part"])
        self.assertIn("| `mio-memcpy` | **contradiction** |", self.report)

    def test_a_right_total_of_wrong_parts_is_disproved(self):
        misses = [claim for claim in tare.claims_of(self.folder)
                  if claim["line"] == "20" and claim["op"] == "get_miss" and claim["measured"]]
        self.assertEqual({(claim["measured"], claim["verdict"]) for claim in misses}, {("3", "disproved")})
        self.assertEqual({claim["part"] for claim in misses}, {"item_clone: claimed 1, measured 0"})

    def test_what_the_run_does_not_have_is_named(self):
        ideal = [claim for claim in tare.claims_of(self.folder) if "ideal" in claim["server"]]
        self.assertEqual({claim["verdict"] for claim in ideal}, {"not judged"})
        self.assertEqual({claim["reason"] for claim in ideal},
                         {"uring/skip_send_cqe/gathered_reply is not in this run, the suite ladders has it"})

    def test_contradictions_have_one_name(self):
        words = {claim["verdict"] for claim in tare.claims_of(self.folder) if claim["class"] == "consistency"}
        self.assertEqual(words, {"contradiction", "no contradiction"})

    def test_claims_file_covers_every_operation(self):
        claims = [claim for claim in tare.claims_of(self.folder) if claim["op"]]
        self.assertEqual({claim["op"] for claim in claims}, {"get_hit", "get_miss", "set", "set_noreply"})
        self.assertEqual({claim["verdict"] for claim in claims}, {"confirmed", "disproved", "not judged"})


class Planted(tare.Case):
    def test_what_the_ledger_is_not_told_is_found(self):
        tare.required_probes("system_calls", "allocations", "copies")
        suite = tare.SOURCE / "tests/accuracy/planted/suite.toml"
        folder = self.run_suite(suite, "--servers", str(tare.BUILD / "planted"))
        counts = tare.per_request(tare.rows_of(folder))
        metric_of = {"planted_allocation": "allocations", "planted_copy": "copies", "planted_call": "syscalls"}
        found = 0
        for variant in {key[0] for key in counts}:
            for metric in metric_of.values():
                for repetition in (0, 1):
                    cell = (variant, "counted", "get_hit", 64, repetition)
                    told, requests = counts[(*cell, "ledger", metric, "")]
                    seen, _ = counts[(*cell, "bpf", metric, "")]
                    planted = metric_of[variant.split("/")[2]] == metric
                    self.assertEqual(seen - told, requests if planted else 0, (cell, metric))
                    found += planted
        self.assertEqual(found, 6 * 2)
        report = tare.report(folder)["report.md"]
        # An allocation and a copy also differ in bytes: ten quantities of six cells.
        self.assertIn("these differ in 10.", report)


if __name__ == "__main__":
    tare.main()
