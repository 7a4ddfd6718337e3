# SPDX-License-Identifier: Apache-2.0
"""Every variant and operation at 64 bytes: prediction, ledger and BPF say the same; the ideals cost what they promise."""
import pathlib
import tempfile
import unittest

import tare

METRICS = ("syscalls", "sqes", "cqes", "allocations", "allocated_bytes", "copies", "copied_bytes")
OPERATIONS = ("get_hit", "get_miss", "set", "set_noreply", "delete", "mget")


class Ladders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tare.required_probes("system_calls", "queue_operations", "allocations", "copies")
        cls.absent = {subject.split()[1]: why for subject, why in tare.absences().items() if subject.startswith("wiring ")}
        results = tempfile.TemporaryDirectory(prefix="tare-test-")
        cls.addClassCleanup(results.cleanup)
        done = tare.run("run", "ladders", "--out", results.name, "--only", " 64( x16)?$", timeout=600)
        assert done.returncode == 0, done.stderr
        cls.folder = pathlib.Path(done.stdout.splitlines()[-1])
        cls.rows = tare.rows_of(cls.folder)
        cls.report = tare.report(cls.folder)

    def per_get(self, variant, op, metric, source="bpf", pipeline="1"):
        """{detail: count per request} of the requests that the second window has more."""
        windows = [{}, {}]
        requests = [0, 0]
        for row in self.rows:
            if ("/".join(row[0:3]), row.op, row.metric, row.source, row.pipeline) != (variant, op, metric, source, pipeline):
                continue
            self.assertEqual(row.status, "ok", row)
            windows[int(row.repetition)][row.detail] = int(row.value)
            requests[int(row.repetition)] = int(row.divisor)
        more = requests[1] - requests[0]
        counts = {detail: (value - windows[0].get(detail, 0)) / more for detail, value in windows[1].items()}
        return {detail: count for detail, count in counts.items() if count or not detail}

    def test_prediction_ledger_and_bpf_say_the_same_in_every_cell(self):
        listed = [line.split()[0] for line in tare.run("list", "servers").stdout.splitlines()]
        variants = {name for name in listed if name.count("/") == 2 and not name.startswith("null/") and
                    name.rsplit("/", 1)[0] not in self.absent}
        told = {}
        for row in self.rows:
            if row.source in ("prediction", "ledger", "bpf") and row.metric in METRICS and not row.detail:
                why = self.absent.get(f"{row.server}/{row.wiring}")
                if why and row.source != "prediction":
                    self.assertIn(why, row.status)
                if why:
                    continue
                self.assertEqual(row.status, "ok", row)
                told.setdefault(("/".join(row[0:3]), row.op, row.pipeline, row.repetition, row.metric), {})[row.source] = row.value
        for cell, values in told.items():
            self.assertEqual(len(values), 3, (cell, values))
            self.assertEqual(len(set(values.values())), 1, (cell, values))
        cells = {cell[:3] for cell in told}
        self.assertEqual(cells, {(variant, op, "1") for variant in variants for op in OPERATIONS} |
                         {(variant, "get_hit", "16") for variant in variants})
        self.assertEqual(len(told), len(cells) * 2 * len(METRICS))

    def test_uring_ideal(self):
        ideal = "uring/skip_send_cqe/gathered_reply"
        self.assertEqual(self.per_get(ideal, "get_hit", "syscalls"), {"": 1, "io_uring_enter": 1})
        self.assertEqual(self.per_get(ideal, "get_hit", "sqes"), {"": 1, "sendmsg": 1})
        self.assertEqual(self.per_get(ideal, "get_hit", "cqes")[""], 1)
        self.assertEqual(self.per_get(ideal, "get_hit", "allocations"), {"": 0})
        self.assertNotIn("value_to_write", self.per_get(ideal, "get_hit", "copies", "ledger"))
        self.assertEqual(self.per_get(ideal, "set_noreply", "sqes"), {"": 0})
        self.assertEqual(self.per_get(ideal, "set_noreply", "cqes")[""], 1)

    def test_epoll_wirings(self):
        for wiring, calls in (("level", 3), ("edge_short_read", 3), ("edge_drain", 4), ("rearm", 6)):
            self.assertEqual(self.per_get(f"epoll/{wiring}/gathered_reply", "get_hit", "syscalls")[""], calls)
        self.assertEqual(self.per_get("epoll/edge_drain/gathered_reply", "get_hit", "syscalls_eagain"), {"": 1, "recvfrom": 1})
        self.assertEqual(self.per_get("epoll/level/gathered_reply", "get_hit", "allocations"), {"": 0})

    def test_sqpoll_makes_no_call_while_hot(self):
        self.assertEqual(self.per_get("uring/sqpoll/gathered_reply", "get_hit", "syscalls"), {"": 0})

    def test_a_pipeline_shares_what_a_read_costs(self):
        calls = self.per_get("uring/skip_send_cqe/gathered_reply", "get_hit", "syscalls", pipeline="16")
        self.assertEqual(calls[""], 1 / 16)

    def test_report_has_a_verdict_for_each_of_the_documents_items(self):
        tare.required(not self.absent, f"every wiring: {self.absent}")
        section = self.report["report.md"].split("## Optimization Opportunities")[1].split("\n## ")[0]
        verdicts = [line for line in section.splitlines() if "Priority (" in line]
        self.assertEqual(len(verdicts), 8)
        for line in verdicts:
            self.assertNotIn("not measurable", line)
        self.assertIn("they differ in 0.", self.report["report.md"])


if __name__ == "__main__":
    tare.main()
