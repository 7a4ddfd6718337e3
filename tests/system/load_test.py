# SPDX-License-Identifier: Apache-2.0
"""tare load as a user runs it: its three formats, the percentile file, Ctrl-C, and what it refuses."""
import contextlib
import csv
import http.server
import io
import json
import re
import shutil
import signal
import socket
import subprocess
import threading
import time

import tare

SERVED = ("load", "--server", "epoll/level/gathered_reply", "--connections", "8", "--warm-up", "0.05")


class Load(tare.Case):
    client_io = "epoll"

    def load(self, *arguments, code=0):
        done = tare.run(*SERVED, "--client-io", self.client_io, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def test_text(self):
        text = self.load("--requests", "2000", "--mix", "get_hit=9,set=1", "--zipf", "0.99", "--pipeline", "4")
        self.assertIn("requests      2000 in", text)
        for word in ("throughput", "p50", "p99 ", "max", "intended send time", "ns of CPU a request", "requests a CPU second",
                     f"client I/O    {self.client_io}\n", "of one core"):
            self.assertIn(word, text)
        self.assertNotIn("late ", text)

    def test_csv_has_the_columns_of_observations(self):
        rows = [tare.Row(*row) for row in csv.reader(io.StringIO(self.load("--duration", "0.3", "--rate", "1000", "--format", "csv")))]
        self.assertEqual(tuple(rows[0]), tare.Row._fields)
        of = {(row.metric, row.detail): row for row in rows[1:]}
        self.assertEqual({(row.mode, row.source, row.build, row.server, row.kind, row.op, row.per) for row in rows[1:]},
                         {("load", "client", "timed", "epoll", "request", "get_hit", "request")})
        sent = int(of["requests_sent", ""].value)
        self.assertGreater(sent, 100)
        self.assertEqual(of["replies_received", ""].value, str(sent))
        self.assertEqual({row.divisor for row in rows[1:]}, {str(sent)})
        self.assertEqual(of["offered_per_s", ""].value, "1000")
        latencies = [int(of["latency_percentile_ns", name].value) for name in ("p50", "p90", "max")]
        self.assertEqual(latencies, sorted(latencies))
        self.assertEqual(of["latency_percentile_ns", "p99.99"].status, "absent:fewer than ten values beyond it")
        self.assertIn(("late_percentile_ns", "p99"), of)
        self.assertEqual([(row.detail, row.value) for row in rows if row.metric == "client_io"], [(self.client_io, "1")])

    def test_sets_without_a_reply_have_no_latency(self):
        rows = [tare.Row(*row) for row in csv.reader(io.StringIO(self.load("--requests", "500", "--mix", "set_noreply", "--format", "csv")))]
        latency = next(row for row in rows if row.metric == "latency_ns")
        self.assertEqual((latency.value, latency.status), ("", "absent:no reply was due"))

    def test_json_and_percentile_file(self):
        path = self.folder / "latency.hgrm"
        told = json.loads(self.load("--requests", "1000", "--format", "json", "--value-bytes", "10,1000", "--histogram", str(path)))
        self.assertEqual(told["requests_sent"], 1000)
        self.assertEqual(told["value_bytes"], [10, 1000])
        self.assertEqual((told["client_io"], told["client_io_reason"]), (self.client_io, ""))
        self.assertAlmostEqual(told["requests_per_client_cpu_s"] * told["client_cpu_ns"], 1000e9, delta=1e6)
        self.assertGreater(told["server_cpu_ns"], 0)
        text = path.read_text(encoding="utf-8")
        self.assertRegex(text, r"^ +Value +Percentile +TotalCount 1/\(1-Percentile\)\n\n")
        self.assertEqual(re.search(r"Total count += +(\d+)\]", text).group(1), "1000")

    def test_rate_above_capacity_is_said(self):
        self.assertIn("over capacity", self.load("--duration", "0.3", "--rate", "5000000"))

    def test_null_server(self):
        done = tare.run("load", "--server", "null/epoll_level/fixed_reply", "--keys", "1", "--requests", "1000", "--warm-up", "0")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("requests      1000", done.stdout)

    def test_ctrl_c_ends_the_window_and_prints_what_was_measured(self):
        with subprocess.Popen([tare.PROGRAM, *SERVED, "--duration", "60", "--format", "json"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as load:
            while "load" not in load.stderr.readline():
                self.assertIsNone(load.poll())
            time.sleep(0.5)
            load.send_signal(signal.SIGINT)
            output, _ = load.communicate(timeout=10)
        self.assertEqual(load.returncode, 0)
        told = json.loads(output)
        self.assertTrue(told["interrupted"])
        self.assertGreater(told["requests_sent"], 0)
        self.assertEqual(told["requests_sent"], told["replies_received"])
        self.assertLess(told["elapsed_ns"], 10e9)

    def test_what_is_refused(self):
        self.assertIn("get_miss", self.load("--mix", "get_hat=1", code=2))
        self.assertIn("weight", self.load("--mix", "get_hit=much", code=2))
        self.assertIn("deleted once", self.load("--mix", "delete=1", code=2))
        self.assertIn("--threads", self.load("--threads", "10000", code=2))
        self.assertIn("json", self.load("--value-bytes", "1,2", "--format", "csv", code=2))
        self.assertIn("one key", tare.run("load", "--server", "null/epoll_level/fixed_reply").stderr)
        self.assertEqual(tare.run("load").returncode, 2)
        self.assertEqual(tare.run("load", "--port", "1", "--requests", "1").returncode, 5)


class LoadByUring(Load):
    client_io = "io_uring"

    def setUp(self):
        super().setUp()
        tare.required("wiring uring/multishot" not in tare.absences(), "io_uring")


class ChoiceOfIo(tare.Case):
    """What `auto` is, here and where io_uring is refused as in a container."""

    def load(self, *arguments, prefix=()):
        return tare.run(*SERVED, "--requests", "500", *arguments, prefix=prefix)

    def denied(self):
        denies = tare.BUILD / "tare-deny-io-uring"
        tare.required(denies.exists(), "tare-deny-io-uring")
        return (denies,)

    def test_auto_is_io_uring_here(self):
        tare.required("wiring uring/multishot" not in tare.absences(), "io_uring")
        self.assertIn("client I/O    io_uring\n", self.load().stdout)

    def test_auto_is_epoll_with_the_reason_where_io_uring_is_refused(self):
        done = self.load(prefix=self.denied())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("client I/O    epoll (io_uring_setup: Operation not permitted)\n", done.stdout)
        told = json.loads(self.load("--format", "json", prefix=self.denied()).stdout)
        self.assertEqual((told["client_io"], told["client_io_reason"]), ("epoll", "io_uring_setup: Operation not permitted"))

    def test_io_uring_by_name_is_refused_there_and_epoll_needs_no_reason(self):
        done = self.load("--client-io", "io_uring", prefix=self.denied())
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("io_uring_setup: Operation not permitted", done.stderr)
        self.assertIn("client I/O    epoll\n", self.load("--client-io", "epoll", prefix=self.denied()).stdout)

    def test_there_are_three(self):
        done = self.load("--client-io", "kqueue")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("io_uring", done.stderr)


class KeptFiles(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Says nothing."""


class QuietServer(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """A load that failed closes in mid-request."""


class Targets(tare.Case):
    """Servers that run already, by whatever name."""

    def started(self, *command, ready):
        tare.required(shutil.which(command[0]), command[0])
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + 20
        while not ready():
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def accepts(self, port):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    def free_port(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            return server.getsockname()[1]

    def redis(self, *more):
        port = self.free_port()
        self.started("redis-server", "--port", str(port), "--save", "", "--dir", str(self.folder), *more, ready=lambda: self.accepts(port))
        return port

    def load(self, *words, code=0):
        done = tare.run("load", *words, "-n", "300", "--warm-up", "0", "--keys", "3")
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def test_one_server_by_each_of_its_names(self):
        path = self.folder / "redis.sock"
        port = str(self.redis("--unixsocket", str(path)))
        for words in ((f"redis://127.0.0.1:{port}",), (f"redis://localhost:{port}",), (f"127.0.0.1:{port}", "--protocol", "resp"),
                      ("--host", "localhost", "-p", port, "--protocol", "resp"), ("--unix", str(path), "--protocol", "resp"),
                      (f"unix://{path}", "--protocol", "resp")):
            with self.subTest(words):
                self.assertIn("requests      300 in", self.load(*words))

    def test_a_wrong_protocol_is_told_with_the_right_one(self):
        port = str(self.redis())
        told = self.load("-p", port, code=5)
        self.assertIn(f"127.0.0.1:{port} speaks resp: --protocol resp", told)
        self.assertIn("speaks resp", self.load(f"http://127.0.0.1:{port}", "--mix", "get_miss", code=5))
        other = self.free_port()
        self.started("memcached", "-l", "127.0.0.1", "-p", str(other), "-u", "root", ready=lambda: self.accepts(other))
        self.assertIn("speaks memcached: --protocol memcached", self.load(f"redis://127.0.0.1:{other}", code=5))

    def test_two_names_for_one_server_are_refused(self):
        for words in (("redis://127.0.0.1:1", "--port", "2"), ("--unix", "x", "--port", "1"), ("--host", "x"), ("--server", "epoll/ideal",
                      "--port", "1"), ("redis://127.0.0.1:1", "--protocol", "http"), ("https://127.0.0.1:1",), ("-p", "1", "--host", "no such host")):
            self.load(*words, code=2)

    def served_files(self):
        folder = self.folder / "www" / "deep"
        folder.mkdir(parents=True)
        server = QuietServer(("127.0.0.1", 0), lambda *each: KeptFiles(*each, directory=str(folder.parent)))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return folder, server.server_address[1]

    def test_files_for_http_are_gone_afterwards_and_others_stay(self):
        folder, port = self.served_files()
        kept = folder / "index.txt"
        kept.write_text("mine", encoding="utf-8")
        text = self.load(f"http://127.0.0.1:{port}/deep", "--files", str(folder))
        self.assertIn("requests      300 in", text)
        self.assertEqual([path.name for path in folder.iterdir()], ["index.txt"])
        # Also when the load fails: with another folder, nothing is found.
        self.load(f"http://127.0.0.1:{port}/", "--files", str(folder), code=5)
        self.assertEqual([path.name for path in folder.iterdir()], ["index.txt"])

    def test_a_file_of_the_users_is_not_written_over(self):
        folder, port = self.served_files()
        names = set()
        target = f"http://127.0.0.1:{port}/deep"
        with subprocess.Popen([tare.PROGRAM, "load", target, "--files", folder, "-d", "30s", "--keys", "3"], stderr=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as load:
            while len(names) < 3:
                self.assertIsNone(load.poll())
                names |= {path.name for path in folder.iterdir()}
                time.sleep(0.02)
            load.send_signal(signal.SIGINT)
            load.communicate(timeout=20)
        self.assertEqual(list(folder.iterdir()), [])
        mine = folder / sorted(names)[0]
        mine.write_text("mine", encoding="utf-8")
        self.assertIn(f"{mine} is there and holds something else", self.load(target, "--files", str(folder), code=2))
        self.assertEqual(mine.read_text(encoding="utf-8"), "mine")


class Numbers(tare.Case):
    def test_a_number_that_is_none_is_a_usage_error(self):
        bad = {"--rate": ("nan", "inf", "-inf", "-1", "0", "1e300", "x", ""), "--duration": ("nan", "inf", "-1", "0", "1e300", "1e-12"),
               "--warm-up": ("nan", "inf", "-1", "1e300"), "--zipf": ("nan", "inf", "-1", "1e300"),
               "--requests": ("nan", "-1", "0", "1e300", "99999999999999999999999"), "--connections": ("nan", "-1", "0", "1e300"),
               "--pipeline": ("nan", "-1", "0", "1e300"), "--threads": ("nan", "-1", "0", "1e300"), "--keys": ("nan", "-1", "0", "1e300"),
               "--key-bytes": ("nan", "-1", "1e300"), "--value-bytes": ("nan", "-1", "1e300"), "--seed": ("nan", "-1", "1e300"),
               "--mix": ("get_hit=nan", "get_hit=inf", "get_hit=-1", "get_hit=0", "get_hit=1e999"), "--cpus": ("nan", "-1", "1e300"),
               "--port": ("nan", "-1", "0", "65536")}
        for option, values in bad.items():
            for value in values:
                with self.subTest(f"{option}={value}"):
                    others = {"--server": "epoll/ideal", "--warm-up": "0", "--duration": "0.01"}
                    others.pop("--server" if option == "--port" else option, None)
                    done = tare.run("load", f"{option}={value}", *(f"{name}={each}" for name, each in others.items()))
                    self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
                    self.assertEqual(done.stdout, "")

    def test_ten_a_second_for_a_second_are_ten(self):
        for arrivals in ("poisson", "constant"):
            done = tare.run("load", "--server", "epoll/ideal", "--warm-up", "0", "--rate", "10", "--duration", "1", "--arrivals", arrivals,
                            "--format", "json")
            self.assertEqual(done.returncode, 0, done.stderr)
            seen = json.loads(done.stdout)
            self.assertEqual((seen["requests_sent"], seen["offered_per_s"]), (10, 10))
            self.assertAlmostEqual(seen["requests_sent"] * 1e9 / seen["elapsed_ns"], 10, delta=1)

    def test_marks_are_in_every_format(self):
        def load(*arguments):
            done = tare.run("load", "--server", "epoll/ideal", "--warm-up", "0", "--duration", "0.2", "--rate", "5000000", *arguments)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        self.assertRegex(load(), r"marked .*over_capacity.*: these numbers are doubtful")
        self.assertIn("over_capacity", json.loads(load("--format", "json"))["marks"])
        self.assertRegex(load("--format", "csv"), r",marks,over_capacity,request,\d+,1,ok")

    def test_a_server_that_accepts_nobody_is_given_up(self):
        with socket.socket() as listener, contextlib.ExitStack() as others:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):  # the backlog, and one or two beyond it
                other = others.enter_context(socket.socket())
                other.setblocking(False)
                other.connect_ex(listener.getsockname())
            time.sleep(0.1)
            started = time.monotonic()
            done = tare.run("load", "--port", str(listener.getsockname()[1]), "--duration", "1", timeout=60)
            self.assertEqual(done.returncode, 5, done.stderr)
            self.assertIn("not accepted within 5 s", done.stderr)
            self.assertLess(time.monotonic() - started, 15)


if __name__ == "__main__":
    tare.main()
