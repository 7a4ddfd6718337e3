# SPDX-License-Identifier: Apache-2.0
"""An external server that fails ends the run with exit 5 and its last words, or is absent by name; nothing of it stays."""
import json
import os
import pathlib
import sys
import tempfile
import time

import counting
import killed_test
import tare

PLANTED = pathlib.Path(__file__).with_name("planted_server.py")


def suite_of(argv, more=""):
    return f"""description = "one external server"
[server.planted]
argv = {json.dumps([str(word) for word in argv])}
{more}
[[cells]]
variant = "planted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 50
"""


class Servers(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()
        os.environ["TARE_SERVERS_TEST"] = mark = f"{os.getpid()}_{self.id()}"
        self.mark = f"TARE_SERVERS_TEST={mark}".encode()

    def run_planted(self, fault, code):
        return self.run_suite(self.suite(suite_of([sys.executable, PLANTED, fault, "{port}"])), code=code)

    def nothing_stays(self):
        left = killed_test.settled(self.others, 3)
        self.assertEqual(left, [])
        self.assertEqual(killed_test.settled(killed_test.links), set())
        folders = [path for path in pathlib.Path(tempfile.gettempdir()).glob("tare-server-*")
                   if path.stat().st_mtime > self.began]
        self.assertEqual(folders, [])

    def others(self):
        return [pid for pid in killed_test.processes(self.mark) if pid != os.getpid()]

    def fails(self, fault, *said):
        self.began = time.time()
        self.run_planted(fault, code=5)
        for words in said:
            self.assertIn(words, self.stderr)
        self.nothing_stays()

    def test_dies_at_start(self):
        self.fails("dies", "exit code 3", "planted: cannot read its configuration")

    def test_speaks_another_protocol(self):
        self.fails("garbage", "wrong reply to set", "byte 0 of 8 is 0x49")

    def test_never_answers(self):
        self.fails("silent", "no reply within 5 s to set: 95 bytes of request sent, 0 of reply received")

    def test_closes_instead_of_replying(self):
        begin = time.monotonic()
        self.fails("closes", "the server closed the connection instead of replying to set")
        self.assertLess(time.monotonic() - begin, 20)

    def test_the_run_goes_on_without_the_case_that_fails(self):
        self.began = time.time()
        text = suite_of([sys.executable, PLANTED, "closes", "{port}"]) + f"""
[server.well]
argv = {json.dumps([sys.executable, str(PLANTED), "none", "{port}"])}
[[cells]]
variant = "well"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 50
"""
        rows = tare.rows_of(self.run_suite(self.suite(text)))
        failed = [row for row in rows if row.server == "planted" and row.metric == "syscalls"]
        self.assertTrue(failed)
        for row in failed:
            self.assertEqual(row.value, "")
            self.assertIn("closed the connection instead of replying", row.status)
        self.assertIn("closed the connection instead of replying", self.stderr)
        self.assertTrue([row for row in rows if row.server == "well" and row.metric == "syscalls" and row.status == "ok"])
        self.nothing_stays()

    def test_what_the_client_measured_stays_where_the_server_fails_later(self):
        text = f"""description = "d"
timeout_s = 1
[server.planted]
argv = {json.dumps([sys.executable, str(PLANTED), "tires", "{port}"])}
[[load]]
variant = "planted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 1
keys = 10
duration_ms = 2000
warm_up_ms = 0
repetitions = 1
"""
        rows = {(row.source, row.metric): row for row in tare.rows_of(self.run_suite(self.suite(text))) if not row.detail}
        self.assertEqual(rows[("client", "latency_ns")].status, "ok")
        self.assertIn("no reply within 1 s", rows[("bpf", "syscalls")].status)

    def test_becomes_a_daemon(self):
        self.fails("daemon", "exit code 0", "keep it in the foreground")

    def test_killed_in_mid_run(self):
        self.fails("killed", "signal 9", "planted: about to be killed")

    def test_outlives_the_run(self):
        self.began = time.time()
        folder = self.run_planted("stubborn", code=0)
        rows = [row for row in tare.rows_of(folder) if (row.kind, row.op) == ("request", "get_hit") and row.metric == "syscalls" and row.source == "bpf"]
        self.assertTrue(rows)
        self.nothing_stays()

    def test_missing(self):
        self.began = time.time()
        text = suite_of(["no-such-server", "{port}"]) + """
[[cells]]
variant = "epoll/ideal"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 50
"""
        folder = self.run_suite(self.suite(text))
        rows = [row for row in tare.rows_of(folder) if row.server == "planted"]
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual((row.value, row.status.startswith("absent:start no-such-server: No such file")), ("", True), row)
        self.assertIn("is it installed?", self.stderr)
        self.nothing_stays()


if __name__ == "__main__":
    tare.main()
