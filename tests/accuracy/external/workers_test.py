# SPDX-License-Identifier: Apache-2.0
"""A server of several processes is counted and timed as a whole: nginx with a master and two workers as exactly as with one process and
as strace, a server that forks for each connection or request with what its children do."""
import json
import pathlib
import shutil
import sys
import unittest.mock

import counting
import strace_test
import tare

FORKING = pathlib.Path(__file__).with_name("forking_server.py")
REQUESTS = 200
NGINX = strace_test.SUITE["server"]["nginx"]
WORKERS = NGINX["config"].replace("master_process off;", "master_process on;\nuser root;").replace("worker_processes 1;",
                                                                                                  "worker_processes 2;")

CELLS = f"""[[cells]]
variant = VARIANTS
op = OP
key_bytes = 16
value_bytes = 64
requests = {REQUESTS}
"""
LOAD = """[[load]]
variant = VARIANTS
op = OP
key_bytes = 16
value_bytes = 64
connections = 16
duration_ms = 300
repetitions = 2
"""


def table(text, variants, op):
    return text.replace("VARIANTS", json.dumps(variants)).replace("OP", json.dumps(op))


def nginx(name, config):
    return f"""[server.{name}]
protocol = "http"
files = "{{dir}}/files"
argv = {json.dumps(NGINX["argv"])}
config = {json.dumps(config)}
"""


def forking(forks):
    return f"""[protocol.burn.ask]
request = "burn\\n"
reply = "done\\n"
[server.forking]
protocol = "burn"
argv = {json.dumps([sys.executable, str(FORKING), forks, "{port}"])}
"""


class Workers(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()

    def run_of(self, text):
        return tare.rows_of(self.run_suite(self.suite('description = "d"\n' + text)))

    def calls(self, rows, server, op):
        """[{call: in the first window}, {call: in the second}]"""
        found = [{}, {}]
        for row in rows:
            if (row.server, row.op, row.kind, row.source, row.metric, row.mode) != (server, op, "request", "bpf", "syscalls", "lockstep"):
                continue
            self.assertEqual(row.status, "ok", row)
            if row.detail:
                found[int(row.repetition)][row.detail] = int(row.value)
        return found

    def test_nginx_with_two_workers(self):
        tare.required(shutil.which("nginx"), "nginx")
        rows = self.run_of(nginx("one", NGINX["config"]) + nginx("three", WORKERS) + table(CELLS, ["one", "three"], "get_hit"))
        one, three = self.calls(rows, "one", "get_hit"), self.calls(rows, "three", "get_hit")
        self.assertEqual(one, three)
        for window, counts in enumerate(three):
            self.assertTrue(counts)
            for call, count in counts.items():
                self.assertEqual(count % (REQUESTS * (window + 1)), 0, (call, count))
        # One connection is served by one worker; the master and the other have nothing to do.
        processes = [row for row in rows if row.server == "three" and row.metric == "thread_syscalls" and row.kind == "request"]
        parts = {row.detail for row in processes if row.detail and int(row.value) > 0}
        self.assertEqual(len(parts), 1, parts)
        self.assertRegex(parts.pop(), r"^process [12] nginx$")
        for metric in ("allocations", "copies"):
            for row in rows:
                if row.server == "three" and row.metric == metric and not row.detail and row.kind == "request":
                    self.assertEqual(row.status, "ok", row)

    def test_nginx_with_two_workers_is_what_strace_sees(self):
        tare.required(shutil.which("nginx") and shutil.which("strace"), "nginx and strace")
        rows = self.run_of(nginx("three", WORKERS) + table(CELLS, ["three"], "get_hit"))
        with unittest.mock.patch.dict(strace_test.SUITE["server"]["nginx"], config=WORKERS):
            witnessed = strace_test.witnessed("nginx", strace_test.nginx)
        self.assertEqual(self.calls(rows, "three", "get_hit")[0], {call: calls * REQUESTS for call, calls in witnessed.items()})

    def test_nginx_with_two_workers_under_load(self):
        tare.required(shutil.which("nginx"), "nginx")
        rows = self.run_of(nginx("three", WORKERS) + table(LOAD, ["three"], "get_hit"))
        seen = {(row.source, row.metric): row for row in rows if row.repetition == "1" and not row.detail}
        for quantity in (("rusage", "cpu_ns"), ("client", "latency_ns"), ("bpf", "syscalls"), ("bpf", "kernel_copied_bytes")):
            self.assertEqual(seen[quantity].status, "ok", seen[quantity])
            self.assertGreater(int(seen[quantity].value), 0)
        sent = {row.detail: int(row.value) / int(row.divisor) for row in rows
                if row.metric == "kernel_copied_bytes" and row.repetition == "1"}
        self.assertEqual(sent["received"], len("GET /k000000000000000 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
        calls = {row.detail: int(row.value) / int(row.divisor) for row in rows
                 if row.metric == "syscalls" and row.source == "bpf" and row.repetition == "1"}
        self.assertLess(calls["epoll_wait"], 1.01)  # one wait serves one request or several
        self.assertGreater(calls["recvfrom"], 0.99)
        processes = {row.detail for row in rows if row.metric == "thread_syscalls" and row.detail and int(row.value) > 0}
        self.assertTrue({"process 1 nginx", "process 2 nginx"} & processes, processes)

    def test_a_child_for_each_connection(self):
        rows = self.run_of(forking("connection") + table(CELLS, ["forking"], "ask"))
        for window, counts in enumerate(self.calls(rows, "forking", "ask")):
            self.assertEqual(counts, {call: REQUESTS * (window + 1) for call in ("recvfrom", "sendto")})

    def test_a_child_for_each_request_is_counted_and_timed(self):
        rows = self.run_of(forking("request") + table(CELLS, ["forking"], "ask") + table(LOAD, ["forking"], "ask"))
        for window, counts in enumerate(self.calls(rows, "forking", "ask")):
            for call in ("recvfrom", "sendto", "wait4", "exit_group"):
                self.assertEqual(counts[call], REQUESTS * (window + 1), call)
        times = [row for row in rows if row.metric == "cpu_ns" and row.mode == "load"]
        self.assertEqual(len(times), 2)
        for row in times:
            self.assertEqual(row.status, "ok", row)
            # Each request's child burns 2 ms; less would have been lost with it.
            self.assertGreater(int(row.value) / int(row.divisor), 2e6)
            self.assertLess(int(row.value) / int(row.divisor), 2e7)


if __name__ == "__main__":
    tare.main()
