# SPDX-License-Identifier: Apache-2.0
"""`tare stat` as a command: its output, its formats, its exit codes, and where the command's own output goes."""
import csv
import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import counting
import tare

DYNAMIC = counting.FIXTURES / "dynamic"
ODD = counting.FIXTURES / "odd_process"


class Stat(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def test_text_says_what_was_counted_and_what_copies_are(self):
        done = tare.run("stat", "--", DYNAMIC, "work")
        self.assertEqual(done.returncode, 0, done.stderr)
        queues = r"sqes +absent" if "probe queue_operations" in tare.absences() else r"sqes +0\n"
        for line in (r"  write +211\n", r"allocations +1009\n", r"copies \(libc-visible\) +503\n", queues, r"  64\.\.127 +503\n"):
            self.assertRegex(done.stdout, line)
        self.assertIn("inline is not seen", done.stdout)

    def test_difference_by_name(self):
        done = tare.run("stat", "--diff", f"{DYNAMIC} rest", "--", DYNAMIC, "work")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"  write +0 +211 +\+211\n")
        self.assertRegex(done.stdout, r"  malloc +0 +1009 +\+1009\n")
        self.assertRegex(done.stdout, r"  mmap +(\d+) +\1 +\+0\n")

    def test_the_command_gets_its_arguments_whole(self):
        done = tare.run("stat", "--", "sh", "-c", 'echo "$#:$1:$2"', "sh", "-r 3", "--")
        self.assertIn("2:-r 3:--", done.stderr)

    def test_repetitions_that_differ_have_a_range(self):
        # One byte more is copied each time, in writes of one byte each.
        with tempfile.TemporaryDirectory() as folder:
            script = f'cd {folder}; echo x >> n; dd if=/dev/zero of=/dev/null bs=1 count=$(grep -c x n) 2>/dev/null'
            done = tare.run("stat", "-r", "3", "--format", "json", "--", "sh", "-c", script)
            self.assertEqual(done.returncode, 0, done.stderr)
            text = tare.run("stat", "-r", "3", "--", "sh", "-c", script).stdout
        self.assertRegex(text, r"  write +\d+ \(\d+ to \d+\)\n")
        self.assertRegex(text, r"  execve +2\n")

    def test_csv_has_the_columns_of_observations(self):
        done = tare.run("stat", "-r", "2", "--format", "csv", "--diff", f"{DYNAMIC} rest", "--", DYNAMIC, "work")
        rows = list(csv.reader(io.StringIO(done.stdout)))
        self.assertEqual(tuple(rows[0]), tare.Row._fields)
        why_absent = {"kernel_copied_bytes": tare.absences().get("probe socket_bytes"), "sqes": tare.absences().get("probe queue_operations")}
        why_absent["cqes"] = why_absent["cqe_overflows"] = why_absent["io_wq_punts"] = why_absent["sqes"]
        seen = {}
        for fields in rows[1:]:
            row = tare.Row(*fields)
            key = (row.op, row.repetition, row.metric, row.detail)
            self.assertNotIn(key, seen)
            seen[key] = row
            why = why_absent.get(row.metric)
            self.assertEqual((row.server, row.wiring, row.rung, row.build, row.kind, row.mode, row.source, row.per, row.divisor, row.status),
                             ("dynamic", "", "", "foreign", "command", "lockstep", "bpf", "run", "1", f"absent:{why}" if why else "ok"))
        for repetition in "01":
            self.assertEqual(seen[("command", repetition, "syscalls", "write")].value, "211")
            self.assertEqual(seen[("other_command", repetition, "allocations", "")].value, "0")

    def test_threads_have_names_and_calls(self):
        counts = counting.counts_of(counting.stat([DYNAMIC, "threads"], "--per-thread")["command"]["repetitions"][0])
        threads = {detail: count for (metric, detail), count in counts.items() if metric == "thread_syscalls" and detail}
        self.assertEqual(sorted(threads), [f"{place} dynamic" for place in range(4)])
        self.assertEqual(sum(threads.values()), counts[("syscalls", "")])
        for place in (1, 2, 3):
            self.assertGreaterEqual(threads[f"{place} dynamic"], 70)

    def test_threads_may_have_names_of_any_bytes(self):
        # Reported of viztracer (issue 285), whose JSON broke by quotes and newlines, and bcc (issue 1730) by bytes that are no text.
        command = ("--per-thread", "--", ODD, "names")
        expected = ["0 odd_process", '1 say "hi", a\\x0ab', "2 \u043a\u043e\u043d\u0432\u0435\u0439\u0435\ufffd", "3 \ufffd\ufffd\ufffd",
                    "4  =1+1", "5 a,b\\x0d\\x0a\\x09c", "6 \\x1b[31mred", "7 ok:1 ok"]
        document = json.loads(tare.run("stat", "--format", "json", *command).stdout)
        counts = counting.counts_of(document["command"]["repetitions"][0])
        threads = {detail: count for (metric, detail), count in counts.items() if metric == "thread_syscalls" and detail}
        self.assertEqual(sorted(threads), expected)
        self.assertTrue(all(threads[name] >= 101 for name in expected[1:]))
        rows = list(csv.reader(io.StringIO(tare.run("stat", "--format", "csv", *command).stdout)))
        self.assertEqual({len(row) for row in rows}, {len(tare.Row._fields)})
        self.assertEqual(sorted(row.detail for row in map(tare.Row._make, rows) if row.metric == "thread_syscalls" and row.detail), expected)
        text = tare.run("stat", *command).stdout
        self.assertNotIn("\x1b", text)
        for name in expected:
            self.assertIn(f"  {name} ", text)

    def test_many_libraries_do_not_exhaust_descriptors(self):
        # Reported of ANOLISA (pull request 1017): a descriptor more for each library until none was left.
        with tempfile.TemporaryDirectory() as folder:
            library = pathlib.Path(folder) / "l0.so"
            subprocess.run(["gcc", "-shared", "-fPIC", "-x", "c", "-o", library, "-"], input=b"int one(void) { return 1; }", check=True)
            for place in range(1, 300):
                (library.parent / f"l{place}.so").write_bytes(library.read_bytes())
            for how in ((), ("keep",)):
                # Two hundred descriptors for three hundred libraries, whatever tare itself may have.
                command = ["prlimit", "--nofile=200:200", tare.PROGRAM, "stat", "--format", "json", "--diff", f"{ODD} many 300 {' '.join(how)}",
                           "--", ODD, "many", "300", *how, "work"]
                done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder)
                self.assertEqual(done.returncode, 0, done.stderr)
                document = json.loads(done.stdout)
                less, more = (counting.counts_of(document[name]["repetitions"][0])[("allocations", "")] for name in ("other_command", "command"))
                self.assertEqual(more - less, 1009)

    def test_the_command_keeps_its_own_limit_of_descriptors(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "counts"
            done = tare.run("stat", "--output", file, "-r", "2", "--", "sh", "-c", "ulimit -n", prefix=("prlimit", "--nofile=333:4096"))
        self.assertEqual(done.stdout, "333\n333\n")

    def test_a_program_that_copies_a_probed_function_goes_on(self):
        # Reported of bpftrace (issue 4021) and rr (issue 2364): programs that die by SIGTRAP, or worse, where a uprobe stands.
        tare.required(subprocess.run([ODD, "copied"], check=False).returncode == 0, "a malloc that begins as that of Debian 12")
        document = counting.stat([ODD, "copied"])
        counts = counting.counts_of(document["command"]["repetitions"][0])
        for metric in ("allocations", "copies"):
            self.assertIn("a copy of the first instructions", str(counts[(metric, "")]))
        self.assertEqual(counts[("syscalls", "exit_group")], 1)

    def test_output_and_the_commands_own(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "counts.txt"
            done = tare.run("stat", "--output", str(file), "--", "echo", "its own words")
            self.assertEqual(done.stdout, "its own words\n")
            self.assertIn("syscalls", file.read_text(encoding="utf-8"))
        done = tare.run("stat", "--", "echo", "its own words")
        self.assertNotIn("its own words\n", done.stdout.replace("command: echo its own words\n", ""))
        self.assertIn("its own words", done.stderr)

    def test_a_command_that_fails_is_counted_and_told(self):
        for script, end in (("exit 3", "exit code 3"), ("kill -9 $$", "signal 9")):
            done = tare.run("stat", "--", "sh", "-c", script)
            self.assertEqual(done.returncode, 5)
            self.assertIn(end, done.stderr)
            self.assertRegex(done.stdout, r"syscalls +\d+")

    def test_a_command_that_does_not_exist(self):
        done = tare.run("stat", "--", "/no/such/command")
        self.assertEqual(done.returncode, 5)
        self.assertIn("/no/such/command: it cannot be executed: No such file", done.stderr)

    def test_usage(self):
        self.assertEqual(tare.run("stat").returncode, 2)
        self.assertEqual(tare.run("stat", "-r", "0", "--", "true").returncode, 2)
        self.assertEqual(tare.run("stat", "--diff", "true; false", "--", "true").returncode, 2)

    def test_job_control_and_signals_reach_the_command(self):
        script = "trap 'echo caught; exit 0' TERM; (sleep 0.3; kill -STOP $$; kill -TERM $$; kill -CONT $$) & while :; do sleep 0.05; done"
        done = tare.run("stat", "--", "sh", "-c", script, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("caught", done.stderr)

    def test_io_uring_of_a_command(self):
        tare.required_probes("queue_operations")
        program = tare.BUILD / "tare-probes-target"
        done = subprocess.run([tare.PROGRAM, "stat", "--format", "json", "--", program], input=b"g", capture_output=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

        counts = counting.counts_of(json.loads(done.stdout)["command"]["repetitions"][0])
        self.assertEqual((counts[("sqes", "nop")], counts[("cqes", "nop")]), (156, 127))

    def test_without_privilege_bpf_alone_refuses_before_it_runs(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            mark = pathlib.Path(folder) / "ran"
            done = tare.run("stat", "--counters", "bpf", "--", "touch", str(mark),
                            prefix=("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all",
                                    "--bounding-set=-all"))
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("CAP_BPF", done.stderr)
            self.assertFalse(mark.exists())


if __name__ == "__main__":
    tare.main()
