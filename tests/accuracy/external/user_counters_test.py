# SPDX-License-Identifier: Apache-2.0
"""Functions and USDT probes that a user names: each call counted, and absent with a reason what is nowhere to be counted."""
import json
import shlex
import subprocess
import time
import unittest

import counting
import tare

PROGRAM = counting.FIXTURES / "user_counters"


def counted(counter, *more):
    """{(metric, detail): how many more `work` does than `rest`, or why that is absent} of a counter of the fixture."""
    document = counting.stat([PROGRAM, "work"], "--counter", counter, *more, "--diff", shlex.join([str(PROGRAM), "rest"]))
    less, more_counts = (counting.counts_of(document[name]["repetitions"][0]) for name in ("other_command", "command"))
    name = counter.split("=")[0]
    return {key[1]: value if isinstance(value, str) else value - less.get(key, 0)
            for key, value in more_counts.items() if key[0] == name}


class UserCounters(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def test_functions_by_the_names_that_sources_give_them(self):
        for counter, expected in (
                ("locks=pthread_mutex_lock", {"": 7, "pthread_mutex_lock": 7}),
                ("locking=pthread_mutex_lock,pthread_mutex_unlock",
                 {"": 14, "pthread_mutex_lock": 7, "pthread_mutex_unlock": 7}),
                ("finds=store::Table::find", {"": 24, "store::Table::find": 24}),
                ("finds=store::Table::find(int)", {"": 11, "store::Table::find(int)": 11}),
                ("visits=store::visit", {"": 36, "store::visit": 36}),
                ("visits=store::visit<int>,store::visit<long>", {"": 36, "store::visit<int>": 17, "store::visit<long>": 19})):
            with self.subTest(counter):
                self.assertEqual(counted(counter), expected)

    def test_a_function_whose_version_is_chosen_when_the_program_starts(self):
        self.assertEqual(counted("lengths=strlen"), {"": 37, "strlen": 37})
        self.assertIn("`copies`", counted("moves=memcpy")[""])

    def test_usdt_probes_those_that_nobody_else_watches_too(self):
        self.assertEqual(counted("plain=usdt:fixture:plain"), {"": 29, "fixture:plain": 29})
        self.assertEqual(counted("guarded=usdt:fixture:guarded"), {"": 31, "fixture:guarded": 31})
        self.assertIn("USDT", counted("missing=usdt:fixture:nothing")[""])

    def test_what_is_nowhere_is_absent_and_no_zero(self):
        for function in ("inlined", "pthread_mutex_lok"):
            seen = counted(f"gone={function}")
            self.assertIn("inlined", seen[""])
            self.assertIn(function, seen[""])
        seen = counted("some=pthread_mutex_lock,pthread_mutex_lok")
        self.assertEqual(seen[""], 7)
        self.assertIn("absent:", seen["pthread_mutex_lok"])

    def test_by_call_site_each_call_has_one(self):
        counters = ("--counter", "locks=pthread_mutex_lock", "--counter", "finds=store::Table::find", "--counter",
                    "plain=usdt:fixture:plain", "--counter", "gone=nobody_has_this")
        repetition = counting.stat([PROGRAM, "work"], *counters, "--call-sites")["command"]["repetitions"][0]
        sums = {}
        for site in repetition["call_sites"]["sites"]:
            if site["metric"] == "counter_sites" and site["site"]["function"] == "main":
                sums[site["function"]] = sums.get(site["function"], 0) + site["count"]
        self.assertEqual(sums, {"pthread_mutex_lock": 7, "store::Table::find": 24, "fixture:plain": 29})
        total = [row for row in repetition["call_sites"]["totals"] if row["metric"] == "counter_sites"]
        self.assertEqual(total[0]["status"], "ok")

    def test_a_function_of_go(self):
        program = counting.FIXTURES / "sites_go"
        repetition = counting.stat([program], "--counter", "mallocs=runtime.mallocgc")["command"]["repetitions"][0]
        seen = counting.counts_of(repetition)
        self.assertGreater(seen["mallocs", ""], 0)
        self.assertEqual(seen["mallocs", ""], seen["allocations", "runtime.mallocgc"])

    def test_in_a_process_that_runs(self):
        server = subprocess.Popen(["python3", "-c", "import sys\nfor line in sys.stdin: len(str(line))"],
                                  stdin=subprocess.PIPE, text=True)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdin.close)
        time.sleep(0.3)
        done = tare.run("attach", "--pid", str(server.pid), "--idle", "0", "--duration", "0.3", "--no-functions", "--format",
                        "json", "--counter", "reads=read", "--counter", "gone=nobody_has_this")
        self.assertEqual(done.returncode, 0, done.stderr)
        seen = counting.counts_of(json.loads(done.stdout)["counted"])
        self.assertEqual(seen["reads", ""], 0)
        self.assertIn("nobody_has_this", seen["gone", ""])

    def test_bad_counters_are_refused(self):
        for counter, reason in (("syscalls=read", "already"), ("locks", "NAME=FUNCTION"), ("Locks=read", "small letters"),
                                ("locks=", "without a name"), ("locks=a,a", "twice"), ("locks=usdt:libc", "provider:name")):
            with self.subTest(counter):
                done = tare.run("stat", "--counter", counter, "--", "true")
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(reason, done.stderr)
        done = tare.run("stat", "--counter", "locks=read", "--counter", "locks=write", "--", "true")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("there is a counter 'locks' already", done.stderr)


if __name__ == "__main__":
    tare.main()
