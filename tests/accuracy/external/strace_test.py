# SPDX-License-Identifier: Apache-2.0
"""memcached, redis and nginx: the system calls of a request by name, as tare counts them, are those that strace sees when a client
of this test asks N and 2N times. What a server does by itself is in neither."""
import collections
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import tomllib

import counting
import tare

REQUESTS = 200
VALUE = bytes(range(64))
KEY = b"k" + b"0" * 15
SUITE = tomllib.loads((tare.SOURCE / "harness/bench/suites/servers.toml").read_text(encoding="utf-8"))


def memcached(connection):
    connection.sendall(b"set %s 0 0 64\r\n%s\r\n" % (KEY, VALUE))
    assert connection.recv(4096) == b"STORED\r\n"
    return b"get %s\r\n" % KEY, b"VALUE %s 0 64\r\n%s\r\nEND\r\n" % (KEY, VALUE)


def redis(connection):
    connection.sendall(b"*3\r\n$3\r\nSET\r\n$16\r\n%s\r\n$64\r\n%s\r\n" % (KEY, VALUE))
    assert connection.recv(4096) == b"+OK\r\n"
    return b"*2\r\n$3\r\nGET\r\n$16\r\n%s\r\n" % KEY, b"$64\r\n%s\r\n" % VALUE


def nginx(connection):
    del connection  # its file is there
    return b"GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % KEY, VALUE


class Server:
    """One of the suite's servers under strace, which writes a line for each call."""

    def __init__(self, name, folder):
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        fill = {"{port}": str(self.port), "{dir}": str(folder), "{config}": str(folder / "config")}

        def filled(text):
            for mark, meant in fill.items():
                text = text.replace(mark, meant)
            return text

        described = SUITE["server"][name]
        (folder / "config").write_text(filled(described.get("config", "")), encoding="utf-8")
        (folder / "files").mkdir()
        (folder / "files" / KEY.decode()).write_bytes(VALUE)
        self.log = folder / "strace"
        self.process = subprocess.Popen(["strace", "-f", "-qq", "-o", self.log, *map(filled, described["argv"])],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def connect(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return connection
            except ConnectionRefusedError:
                assert time.monotonic() < deadline, "not ready"
                time.sleep(0.05)

    def calls(self):
        """{name: calls so far}, when those of the last request are written; background goes on, so the log never stands still."""
        time.sleep(0.2)
        names = re.findall(rb"^\d+ +([a-z_0-9]+)\(", self.log.read_bytes(), re.MULTILINE)
        return collections.Counter(name.decode() for name in names)

    def end(self):
        subprocess.run(["pkill", "-TERM", "-P", str(self.process.pid)], check=False)
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            subprocess.run(["pkill", "-KILL", "-P", str(self.process.pid)], check=False)
            self.process.wait()


def ask(connection, request, reply, count):
    for _ in range(count):
        connection.sendall(request)
        got = b""
        while not got.endswith(reply):
            more = connection.recv(65536)
            assert more, "the server closed the connection"
            got += more


def witnessed(name, prepare):
    """{name: calls per request} by strace: what 2N requests take more than N, rounded by what else happens."""
    with tempfile.TemporaryDirectory(prefix="tare-strace-") as folder:
        server = Server(name, pathlib.Path(folder))
        try:
            with server.connect() as connection:
                request, reply = prepare(connection)
                ask(connection, request, reply, 20)
                edges = [server.calls()]
                for count in (REQUESTS, 2 * REQUESTS):
                    ask(connection, request, reply, count)
                    edges.append(server.calls())
        finally:
            server.end()
    once, twice = edges[1] - edges[0], edges[2] - edges[1]
    return {call: round((twice[call] - once[call]) / REQUESTS) for call in twice
            if call != "clock_nanosleep" and round((twice[call] - once[call]) / REQUESTS) > 0}


class IndependentCounter(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()

    def counted(self, name):
        """The rows of the repetition of N requests, by (source, metric, detail)."""
        described = SUITE["server"][name]
        lines = "\n".join(f"{key} = {toml(value)}" for key, value in described.items())
        folder = self.run_suite(self.suite(f"""description = "one server"
[server.{name}]
{lines}
[[cells]]
variant = "{name}"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = {REQUESTS}
"""))
        rows = tare.rows_of(folder)
        self.assertTrue([row for row in rows if row.kind == "idle"])
        return {(row.metric, row.detail): row for row in rows
                if (row.kind, row.op) == ("request", "get_hit") and row.repetition == "0" and row.source == "bpf"}

    def same(self, name, prepare):
        for program in (name if name != "redis" else "redis-server", "strace"):
            tare.required(shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"), program)
        rows = self.counted(name)
        ours = {detail: int(row.value) for (metric, detail), row in rows.items()
                if metric == "syscalls" and detail and row.status == "ok"}
        seen = {call: calls * REQUESTS for call, calls in witnessed(name, prepare).items()}
        self.assertEqual(ours, seen)
        return rows

    def test_memcached(self):
        rows = self.same("memcached", memcached)
        for call in ("epoll_wait", "read", "sendmsg"):
            self.assertEqual(rows[("syscalls", call)].value, str(REQUESTS))
        self.assertEqual((rows[("allocations", "")].value, rows[("allocations", "")].status), ("0", "ok"))

    def test_redis(self):
        self.assertIn(("allocations", "malloc"), self.same("redis", redis))

    def test_nginx(self):
        self.assertEqual(self.same("nginx", nginx)[("syscalls", "sendfile")].value, str(REQUESTS))


def toml(value):
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else "'''\n" + value + "'''" if "\n" in value else \
        "'" + value + "'"


if __name__ == "__main__":
    tare.main()
