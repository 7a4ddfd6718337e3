# SPDX-License-Identifier: Apache-2.0
"""Servers that speak what only their suite describes, over TCP, a Unix socket and UDP: each request is verified and counted."""
import json
import pathlib
import sys

import counting
import tare

SERVER = pathlib.Path(__file__).with_name("line_server.py")
REQUESTS = 200

PROTOCOL = r"""description = "a line protocol"
[protocol.line.get]
request = "get {key}\n"
reply = "is {value}\n"
prepare = "put"
[protocol.line.miss]
request = "get no{n}\n"
until = "\n"
begins = "is no"
[protocol.line.put]
request = "put {key} {value}\n"
reply = "ok\n"
proof = "get"
"""

# What Python's selectors, recv and sendall call for one request.
STREAM = {"epoll_wait": 1, "recvfrom": 1, "sendto": 1}


def server_of(transport, name="line", faults=""):
    where = "{socket}" if transport == "unix" else "{port}"
    argv = json.dumps([sys.executable, str(SERVER), transport, where])
    return f'[server.{name}]\nprotocol = "line"\ntransport = "{transport}"\nargv = {argv}\n{faults}'


def cells_of(variants, ops=("get", "miss", "put")):
    return f"""[[cells]]
variant = {json.dumps(variants)}
op = {json.dumps(ops)}
key_bytes = 16
value_bytes = [64, 5000]
requests = {REQUESTS}
"""


def load_of(variants, ops=("get", "put")):
    return f"""[[load]]
variant = {json.dumps(variants)}
op = {json.dumps(ops)}
key_bytes = 16
value_bytes = 64
connections = 64
duration_ms = 200
repetitions = 2
"""


class Protocols(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()

    def of(self, folder, **wanted):
        return [row for row in tare.rows_of(folder) if all(getattr(row, key) == value for key, value in wanted.items())]

    def calls(self, folder, server, op, value_bytes):
        """[{call: per request} of the first window, of the second]"""
        found = [{}, {}]
        for row in self.of(folder, server=server, op=op, value_bytes=str(value_bytes), source="bpf", metric="syscalls",
                           mode="lockstep"):
            self.assertEqual(row.status, "ok", row)
            calls = int(row.value) / (REQUESTS * (int(row.repetition) + 1))
            if row.detail and calls > 0.02:  # Python asks for memory now and then, and not for each request
                found[int(row.repetition)][row.detail] = calls
        return found

    def test_each_transport_in_lockstep(self):
        transports = ("tcp", "unix", "udp")
        folder = self.run_suite(self.suite(PROTOCOL + "".join(server_of(each, each) for each in transports) + cells_of(transports)))
        for server in transports:
            for op in ("get", "miss", "put"):
                for value_bytes in (64, 5000):
                    with self.subTest(server=server, op=op, value_bytes=value_bytes):
                        self.assertEqual(self.calls(folder, server, op, value_bytes), [STREAM, STREAM])
                        replies = self.of(folder, server=server, op=op, value_bytes=str(value_bytes), metric="replies_received")
                        self.assertEqual([(int(row.value), row.status) for row in replies],
                                         [(REQUESTS, "ok"), (2 * REQUESTS, "ok")])

    def test_each_transport_at_64_connections(self):
        transports = ("tcp", "unix", "udp")
        folder = self.run_suite(self.suite(PROTOCOL + "".join(server_of(each, each) for each in transports) + load_of(transports)))
        for server in transports:
            for op in ("get", "put"):
                with self.subTest(server=server, op=op):
                    seen = {row.metric: row for row in self.of(folder, server=server, op=op, mode="load", repetition="1",
                                                               detail="", status="ok")}
                    self.assertGreater(int(seen["requests_sent"].value), 100)
                    self.assertEqual(seen["requests_sent"].value, seen["replies_received"].value)
                    self.assertGreater(int(seen["cpu_ns"].value), 0)
                    self.assertGreater(int(seen["latency_ns"].value), 0)

    def test_a_wrong_reply_is_found(self):
        text = PROTOCOL.replace('"is {value}', '"is  {value}') + server_of("tcp") + cells_of(["line"], ["get"])
        self.run_suite(self.suite(text), code=5)
        self.assertIn("wrong reply to get: byte 3 of 69", self.stderr)

    def test_a_lost_datagram_is_a_reply_that_never_comes(self):
        # It answers nobody: the port is bound, and that is all.
        argv = json.dumps([sys.executable, "-c", "import socket, sys, time; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); "
                           "s.bind(('127.0.0.1', int(sys.argv[1]))); time.sleep(60)", "{port}"])
        server = f'[server.line]\nprotocol = "line"\ntransport = "udp"\nargv = {argv}\n'
        self.run_suite(self.suite("timeout_s = 1\n" + PROTOCOL + server + cells_of(["line"], ["miss"])), code=5)
        self.assertIn("no reply within 1 s: it never came, or a datagram was lost to miss: 8 bytes of request sent, "
                      "0 of reply received", self.stderr)


if __name__ == "__main__":
    tare.main()
