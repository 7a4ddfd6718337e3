# SPDX-License-Identifier: Apache-2.0
"""What the requests of a client cost that is a program of its own: PostgreSQL under pgbench as strace sees it, differenced the same
way; and a client that makes another number of requests than it was told is named."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import counting
import tare

LINE_SERVER = pathlib.Path(__file__).with_name("line_server.py")
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
REQUESTS = 200
PORT = 5432
# It does not run as root.
UNPRIVILEGED = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


class Postgres:
    """A scratch cluster of the user nobody, with pgbench's tables, and how to start it."""

    def __init__(self, folder):
        self.folder = folder
        folder.chmod(0o755)
        self.data = folder / "data"
        self.data.mkdir()
        shutil.chown(self.data, "nobody", "nogroup")
        self.sockets = folder / "sockets"
        self.sockets.mkdir()
        shutil.chown(self.sockets, "nobody", "nogroup")
        self.script = folder / "select.sql"
        # After a pause the server always waits, also under strace, which makes it so slow that the next request would be there already.
        self.script.write_text("\\sleep 5 ms\nSELECT abalance FROM pgbench_accounts WHERE aid = 17;\n", encoding="utf-8")
        self.run(*UNPRIVILEGED, POSTGRES / "initdb", "-D", self.data, "-A", "trust", "--no-sync", "--locale=C")
        # Nothing that it does by itself more often than the test lasts.
        self.argv = [*UNPRIVILEGED, str(POSTGRES / "postgres"), "-D", str(self.data), "-p", str(PORT)]
        for setting in ("listen_addresses=", f"unix_socket_directories={self.sockets}", "autovacuum=off", "bgwriter_delay=10s",
                        "wal_writer_delay=10s", "fsync=off", "jit=off", "max_logical_replication_workers=0"):
            self.argv += ["-c", setting]
        self.client = ["pgbench", "-h", str(self.sockets), "-p", str(PORT), "-U", "nobody"]
        with self.running(self.argv):
            self.run(*self.client, "-i", "-q", "-s", "1", "postgres")

    @property
    def socket(self):
        return self.sockets / f".s.PGSQL.{PORT}"

    def select(self, transactions):
        return [*self.client, "-n", "-M", "prepared", "-f", str(self.script), "-c", "1", "-t", str(transactions), "postgres"]

    @staticmethod
    def run(*argv):
        done = subprocess.run(list(map(str, argv)), capture_output=True, text=True, check=False, cwd="/", timeout=120)
        assert done.returncode == 0, done.stderr

    @contextlib.contextmanager
    def running(self, argv):
        with open(self.folder / "log", "w", encoding="utf-8") as log:
            process = subprocess.Popen(argv, stdout=log, stderr=log, cwd="/")
        try:
            deadline = time.monotonic() + 30
            while subprocess.run([POSTGRES / "pg_isready", "-q", "-h", self.sockets, "-p", str(PORT)], check=False).returncode != 0:
                assert time.monotonic() < deadline and process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
                time.sleep(0.1)
            yield process
        finally:
            postmaster = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            os.kill(postmaster, signal.SIGINT)
            process.wait(30)

    def strace(self):
        """{call: calls of one transaction} by strace -f -c, of N transactions more; calls that the server's other processes make stay out."""
        seen = []
        for transactions in (REQUESTS, 2 * REQUESTS):
            summary = self.folder / f"strace.{transactions}"
            with self.running(["strace", "-f", "-c", "-qq", "-o", str(summary), *self.argv]):
                self.run(*self.select(20))  # what a first one reads and compiles
                self.run(*self.select(transactions))
            lines = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +([a-z_0-9]+)$", summary.read_text(encoding="utf-8"), re.MULTILINE)
            seen.append({name: int(calls) for calls, name in lines if name != "total"})
        return {call: (seen[1].get(call, 0) - seen[0].get(call, 0)) / REQUESTS for call in {*seen[0], *seen[1]}}


def suite_of(server, client, more=""):
    return f"""description = "a client of its own"
{server}
[client.ask]
argv = {json.dumps(client)}
{more}
[[cells]]
variant = "server"
op = "ask"
requests = {REQUESTS}
"""


LINE = f"""[server.server]
argv = {json.dumps([sys.executable, str(LINE_SERVER), "tcp", "{port}"])}
"""

# A client of the line server: client.py PORT REQUESTS, and how many it makes of them.
CLIENT = """
import socket, sys
port, told = map(int, sys.argv[1:3])
made = {made}
connection = socket.create_connection(("127.0.0.1", port))
for _ in range(made):
    connection.sendall(b"get k\\n")
    assert connection.recv(100) == b"is nothing\\n"
{then}
"""


def line_client(made="told", then=""):
    return [sys.executable, "-c", CLIENT.format(made=made, then=then), "{port}", "{requests}"]


class Clients(tare.Case):
    def setUp(self):
        super().setUp()
        counting.required_privilege()

    def rows(self, text, *arguments):
        return tare.rows_of(self.run_suite(self.suite(text), *arguments))

    def calls(self, rows):
        """[{call: per request} of each of the two windows]"""
        found = [{}, {}]
        for row in rows:
            if (row.op, row.kind, row.metric, row.source) == ("ask", "request", "syscalls", "bpf") and row.detail:
                self.assertEqual(row.status, "ok", row)
                found[int(row.repetition)][row.detail] = int(row.value) / int(row.divisor)
        return found

    def test_what_it_does_once_cancels(self):
        rows = self.rows(suite_of(LINE, line_client()))
        for window in self.calls(rows):
            # Python asks for memory now and then, and not for each request.
            self.assertEqual({call: calls for call, calls in window.items() if calls > 0.02},
                             {"epoll_wait": 1, "recvfrom": 1, "sendto": 1})
        self.assertEqual({int(row.divisor) for row in rows if row.kind == "request"}, {REQUESTS, 2 * REQUESTS})

    def absent(self, rows, reason):
        found = [row for row in rows if row.kind == "request" and row.metric == "syscalls"]
        self.assertTrue(found)
        for row in found:
            self.assertEqual(row.value, "")
            self.assertIn(reason, row.status)
        self.assertIn(reason, self.stderr)

    def test_another_number_than_it_was_told_is_named(self):
        self.absent(self.rows(suite_of(LINE, line_client("min(told, 300)"))), "another number of requests than it is told")
        self.absent(self.rows(suite_of(LINE, line_client("100"))), "another number of requests than it is told")

    def test_connections_that_do_not_cancel_are_named(self):
        more = "for _ in range(told // 100): socket.create_connection(('127.0.0.1', port)).close()"
        self.absent(self.rows(suite_of(LINE, line_client(then=more))), "what they cost is not cancelled")

    def test_one_that_fails_is_absent_and_the_run_goes_on(self):
        text = suite_of(LINE, line_client(then="sys.exit('out of luck')")) + f"""
[client.well]
argv = {json.dumps(line_client())}
[[cells]]
variant = "server"
op = "well"
requests = {REQUESTS}
"""
        rows = self.rows(text)
        failed = [row for row in rows if row.op == "ask" and row.metric == "syscalls"]
        self.assertTrue(failed)
        for row in failed:
            self.assertRegex(row.status, "absent:.*ended with exit code 1; it said: out of luck")
        self.assertTrue([row for row in rows if row.op == "well" and row.metric == "syscalls" and row.status == "ok"])

    def test_one_that_does_not_end_is_absent(self):
        for then in ("import time; time.sleep(60)", "while True: print('and on')"):
            self.run_suite(self.suite(suite_of(LINE, line_client(then=then), "timeout_s = 1")), code=5)
            self.assertIn("did not end within 1 s; told to make 200 requests", self.stderr)

    def test_postgresql_under_pgbench(self):
        tare.required((POSTGRES / "postgres").exists() and shutil.which("pgbench") and shutil.which("strace"), "PostgreSQL and strace")
        postgres = Postgres(self.folder)
        client = [word if word != "TRANSACTIONS" else "{requests_per_connection}" for word in postgres.select("TRANSACTIONS")]
        server = f"""[server.server]
transport = "unix"
socket = "{postgres.socket}"
argv = {json.dumps(postgres.argv)}
"""
        rows = self.rows(suite_of(server, client))
        strace = {call: round(calls, 1) for call, calls in postgres.strace().items() if calls > 0.2}
        for window in self.calls(rows):
            self.assertEqual({call: round(calls, 1) for call, calls in window.items() if calls > 0.2}, strace)
        self.assertEqual(strace, {"epoll_wait": 1, "recvfrom": 2, "sendto": 1})
        processes = {row.detail for row in rows if row.metric == "thread_syscalls" and row.kind == "request" and row.detail}
        self.assertIn("process later postgres", processes)


if __name__ == "__main__":
    tare.main()
