# SPDX-License-Identifier: Apache-2.0
"""Servers of Go, Node, Python and Debian's dnsmasq in one suite, in lockstep and under load: every row is there, or absent for a
reason that is true of that runtime."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import counting
import tare

HERE = pathlib.Path(__file__).parent
REQUESTS = 100

PROTOCOLS = r"""description = "servers of several runtimes"
[protocol.web.page]
request = "GET /page/{n} HTTP/1.1\r\nHost: x\r\n\r\n"
http = 200
body = "page {n}"

[protocol.dns.address]
request = '{n:u16be}\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04name\x04test\x00\x00\x01\x00\x01'
datagram = true
begins = '{n:u16be}'
"""


def cells(variants, op):
    return f"""[[cells]]
variant = {json.dumps(variants)}
op = "{op}"
key_bytes = 16
value_bytes = 0
requests = {REQUESTS}
[[load]]
variant = {json.dumps(variants)}
op = "{op}"
key_bytes = 16
value_bytes = 0
connections = 16
duration_ms = 200
repetitions = 1
"""


class Runtimes(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()

    def go_program(self):
        program = self.folder / "web"
        done = subprocess.run(["go", "build", "-o", program, HERE / "web_server.go"], capture_output=True, text=True, check=False,
                              env={**os.environ, "GOCACHE": str(self.folder / "cache"), "GO111MODULE": "off"}, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return program

    def test_every_row_is_there_or_absent_for_a_true_reason(self):
        for program in ("go", "node", "dnsmasq"):
            tare.required(shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"), program)
        web = {"go": [str(self.go_program())], "node": ["node", str(HERE / "web_server.js")],
               "python": [sys.executable, str(HERE / "web_server.py")]}
        text = PROTOCOLS
        for name, argv in web.items():
            text += f'[server.{name}]\nprotocol = "web"\nargv = {json.dumps([*argv, "{port}"])}\n'
        dns = ["dnsmasq", "-k", "-C", "/dev/null", "-R", "-h", "-p", "{port}", "--listen-address=127.0.0.1", "--bind-interfaces",
               "--address=/name.test/10.0.0.1", "--user=root", "--pid-file={dir}/pid"]
        text += f'[server.dns]\nprotocol = "dns"\ntransport = "udp"\nargv = {json.dumps(dns)}\n'
        rows = tare.rows_of(self.run_suite(self.suite(text + cells(list(web), "page") + cells(["dns"], "address"))))

        for server in (*web, "dns"):
            with self.subTest(server=server):
                own = [row for row in rows if row.server == server and row.kind == "request"]
                lockstep = {(row.metric, row.detail): row for row in own
                            if row.mode == "lockstep" and row.repetition == "0" and row.source == "bpf"}
                calls = {detail: int(row.value) / int(row.divisor) for (metric, detail), row in lockstep.items()
                         if metric == "syscalls" and detail and row.status == "ok"}
                # Each request is received once at least and answered once.
                received = calls.get("read", 0) + calls.get("recvfrom", 0) + calls.get("recvmsg", 0)
                sent = calls.get("write", 0) + calls.get("writev", 0) + calls.get("sendto", 0) + calls.get("sendmsg", 0)
                self.assertGreaterEqual(received, 1, calls)
                self.assertGreaterEqual(sent, 1, calls)
                load = {(row.source, row.metric): row for row in own if row.mode == "load" and not row.detail}
                for quantity in (("client", "requests_sent"), ("client", "latency_ns"), ("rusage", "cpu_ns"), ("bpf", "syscalls")):
                    self.assertEqual(load[quantity].status, "ok", load[quantity])
                for row in own:
                    if row.status != "ok":
                        self.assertTrue(self.is_true(server, row), row)

    @staticmethod
    def is_true(server, row):
        """What a runtime hides, and what this machine or window lacks."""
        reason = row.status.removeprefix("absent:")
        if row.metric in ("instructions", "cycles"):
            return bool(reason)
        if row.metric.endswith("_percentile_ns"):
            return "fewer than ten values" in reason
        if row.metric in ("allocations", "copies", "fills", "allocated_bytes", "copied_bytes", "filled_bytes"):
            return server != "dns"  # of a heap of their own, or of functions that no file has
        return "cannot be told apart" in reason or "thread ended" in reason


if __name__ == "__main__":
    tare.main()
