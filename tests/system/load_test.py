# SPDX-License-Identifier: Apache-2.0
"""tare load as a user runs it: its three formats, the percentile file, Ctrl-C, and what it refuses."""
import contextlib
import csv
import io
import json
import re
import signal
import socket
import subprocess
import time

import tare

SERVED = ("load", "--server", "epoll/level/gathered_reply", "--connections", "8", "--warm-up", "0.05")


class Load(tare.Case):
    def load(self, *arguments, code=0):
        done = tare.run(*SERVED, *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def test_text(self):
        text = self.load("--requests", "2000", "--mix", "get_hit=9,set=1", "--zipf", "0.99", "--pipeline", "4")
        self.assertIn("requests      2000 in", text)
        for word in ("throughput", "p50", "p99 ", "max", "intended send time", "ns of CPU a request"):
            self.assertIn(word, text)
        self.assertNotIn("late ", text)

    def test_csv_has_the_columns_of_observations(self):
        rows = [tare.Row(*row) for row in csv.reader(io.StringIO(self.load("--duration", "0.3", "--rate", "1000", "--format", "csv")))]
        self.assertEqual(tuple(rows[0]), tare.Row._fields)
        of = {(row.metric, row.detail): row for row in rows[1:]}
        self.assertEqual({(row.mode, row.source, row.build, row.server, row.op) for row in rows[1:]},
                         {("load", "client", "timed", "epoll", "get_hit")})
        sent = int(of["requests_sent", ""].value)
        self.assertGreater(sent, 100)
        self.assertEqual(of["replies_received", ""].value, str(sent))
        self.assertEqual({row.requests for row in rows[1:]}, {str(sent)})
        self.assertEqual(of["offered_per_s", ""].value, "1000")
        latencies = [int(of["latency_percentile_ns", name].value) for name in ("p50", "p90", "max")]
        self.assertEqual(latencies, sorted(latencies))
        self.assertEqual(of["latency_percentile_ns", "p99.99"].status, "absent:fewer than ten values beyond it")
        self.assertIn(("late_percentile_ns", "p99"), of)

    def test_sets_without_a_reply_have_no_latency(self):
        rows = [tare.Row(*row) for row in csv.reader(io.StringIO(self.load("--requests", "500", "--mix", "set_noreply", "--format", "csv")))]
        latency = next(row for row in rows if row.metric == "latency_ns")
        self.assertEqual((latency.value, latency.status), ("", "absent:no reply was due"))

    def test_json_and_percentile_file(self):
        path = self.folder / "latency.hgrm"
        told = json.loads(self.load("--requests", "1000", "--format", "json", "--value-bytes", "10,1000", "--histogram", str(path)))
        self.assertEqual(told["requests_sent"], 1000)
        self.assertEqual(told["value_bytes"], [10, 1000])
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
        self.assertRegex(load("--format", "csv"), r",marks,over_capacity,\d+,1,ok")

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
