# SPDX-License-Identifier: Apache-2.0
"""`tare attach` to programs that run already: exactly their work, or absent with a reason; never a false zero."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import counting
import tare

EXACT = {"allocations": 1009, "copies of 64..127": 503, "write": 212}  # one write says that the work is done


class Held:
    """A fixture that waits before its work and after it."""

    def __init__(self, name, what="held", environment=None):
        self.process = subprocess.Popen([counting.FIXTURES / name, what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self.expect(b"held\n")

    def expect(self, line):
        got = self.process.stdout.readline()
        assert got == line, got

    def attach(self, *options):
        """Counts until the work is done: the counted window is as long as a command that asks for it and awaits it."""
        stdin, stdout = self.process.stdin.fileno(), self.process.stdout.fileno()
        client = f"echo >&{stdin}; read -r line <&{stdout}; test \"$line\" = done"
        done = subprocess.run([tare.PROGRAM, "attach", "--pid", str(self.process.pid), "--idle", "0", "--format", "json", *options, "--",
                               "bash", "-c", client], pass_fds=(stdin, stdout), capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        counts = {(row["metric"], row["detail"]): row.get("value", row["status"]) for row in json.loads(done.stdout)["counted"]["counts"]}
        total = counts[("copies", "")]
        return {"allocations": counts.get(("allocation_sizes", "16..31"), counts[("allocations", "")]),
                "copies of 64..127": total if isinstance(total, str) else counts.get(("copy_sizes", "64..127"), 0),
                "write": counts.get(("syscalls", "write"), 0)}

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Attach(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def counted(self, name, what="held", *options):
        held = Held(name, what)
        self.addCleanup(held.end)
        return held.attach(*options)

    def assert_absent(self, counts, reason):
        for metric in ("allocations", "copies of 64..127"):
            self.assertIn("absent:", str(counts[metric]), metric)
            self.assertIn(reason, counts[metric])

    def test_running_programs_linked_in_every_way(self):
        for name in ("dynamic", "stripped", "static", "jemalloc", "musl_dynamic", "musl_static"):
            with self.subTest(name):
                self.assertEqual(self.counted(name), EXACT)

    def test_static_and_stripped_is_absent(self):
        counts = self.counted("static_stripped")
        self.assert_absent(counts, "keep its symbols")
        self.assertEqual(counts["write"], 212)

    def test_children_of_a_lone_process_are_counted_when_asked_for(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                counts = self.counted(name, "held_forks")
                self.assert_absent(counts, "--forks")
                self.assertEqual(counts["write"], 2 * 211 + 1)
                counts = self.counted(name, "held_forks", "--forks")
                self.assertEqual(counts, {"allocations": 2 * 1009, "copies of 64..127": 2 * 503, "write": 2 * 211 + 1})

    def test_a_process_goes_on_when_its_first_thread_has_ended(self):
        # Reported of opentelemetry-ebpf-profiler (issue 365), which took such a process for an ended one.
        self.assertEqual(self.counted("odd_process", "leader"), EXACT)

    def test_a_function_that_the_program_has_patched_gets_no_probe(self):
        # With a C library of its own, so that no probe of another tare reaches it: those before this test was written would end it.
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy("/lib/x86_64-linux-gnu/libc.so.6", folder)
            environment = {**os.environ, "LD_LIBRARY_PATH": folder}
            held = Held("odd_process", "patched", environment)
            self.addCleanup(held.end)
            counts = held.attach()
            self.assertIn("has changed the code", str(counts["allocations"]))
            self.assertEqual(counts["copies of 64..127"], 503)
            # Nor does it get one when others are counted that run the same library.
            dynamic = counting.FIXTURES / "dynamic"
            done = tare.run("stat", "--", "env", f"LD_LIBRARY_PATH={folder}", "sh", "-c", f"{dynamic} work; {dynamic} work")
            self.assertIn(f"process {held.process.pid} has changed the code", done.stdout)
            held.process.stdin.write(b"\n")
            held.process.stdin.flush()
            self.assertEqual(held.process.wait(10), 0)

    def test_tare_is_not_among_the_children_that_it_counts(self):
        script = f"{tare.PROGRAM} attach --pid $$ --idle 0 --duration 0.5 --format json; exit $?"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["processes"], 1)
        self.assertLess(counting.counts_of(document["counted"])[("syscalls", "")], 3)  # it waits for tare
        script = f"exec {tare.PROGRAM} attach --pid $$ --duration 1"
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("does not count itself", done.stderr)

    def test_a_child_that_executes_what_is_covered(self):
        counts = self.counted("dynamic", "held_exec", "--forks")
        self.assertEqual(counts, {"allocations": 2 * 1009, "copies of 64..127": 2 * 503, "write": 2 * 211 + 1})

    def test_a_library_that_comes_while_it_is_counted(self):
        mimalloc = "libmimalloc.so.2"
        for loads, reason in ((f"ctypes.CDLL({mimalloc!r})", mimalloc.removesuffix(".2")), ("ctypes.CDLL('libbpf.so.1')", None)):
            with self.subTest(loads):
                python = subprocess.Popen(["/usr/bin/python3", "-c", f"import ctypes, time; time.sleep(1.5); library = {loads}; "
                                           "time.sleep(60)"])
                self.addCleanup(python.wait)
                self.addCleanup(python.kill)
                time.sleep(0.3)
                done = tare.run("attach", "--pid", str(python.pid), "--idle", "0", "--duration", "2", "--format", "json")
                self.assertEqual(done.returncode, 0, done.stderr)
                counts = counting.counts_of(json.loads(done.stdout)["counted"])
                if reason:
                    self.assertIn(reason, str(counts[("allocations", "")]))
                    self.assertIn("attach again", counts[("allocations", "")])
                else:
                    self.assertGreater(counts[("allocations", "")], 0)
                self.assertGreater(counts[("copies", "")], 0)  # neither library defines memcpy

    def test_memcached_under_load(self):
        server = subprocess.Popen(["memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", "31719", "-t", "4"])
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        time.sleep(0.5)
        with tempfile.TemporaryDirectory() as folder:
            load = f"exec {tare.PROGRAM} load --port 31719 --keys 16 --warm-up 0 --duration 1 --format json > {folder}/load.json"
            done = tare.run("attach", "--pid", str(server.pid), "--idle", "0.2", "--requests-from", f"{folder}/load.json", "--format",
                            "json", "--", "sh", "-c", load)
        self.assertEqual(done.returncode, 0, done.stderr)
        document = json.loads(done.stdout)
        counts = counting.counts_of(document["counted"])
        for call in ("epoll_wait", "read", "sendmsg"):
            # One a request; 16 sets store the keys before, and a connection begins and ends.
            self.assertAlmostEqual(counts[("syscalls", call)] - document["requests"], 16, delta=12)
        self.assertEqual(document["idle"]["counts"][0]["status"], "ok")

    def test_refusals_name_the_remedy(self):
        zombie = subprocess.Popen(["true"])
        while "\nState:\tZ" not in pathlib.Path(f"/proc/{zombie.pid}/status").read_text(encoding="utf-8"):
            time.sleep(0.01)
        self.addCleanup(zombie.wait)
        for pid, words in ((4194303, "no process"), (2, "thread of the kernel"), (zombie.pid, "has ended")):
            done = tare.run("attach", "--pid", str(pid), "--duration", "1")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn(words, done.stderr)
        done = tare.run("attach", "--pid", str(os.getpid()), "--duration", "1",
                        prefix=("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all",
                                "--bounding-set=-all"))
        self.assertEqual(done.returncode, 4, done.stderr)
        for remedy in ("CAP_BPF", "CAP_PERFMON", "CAP_SYS_PTRACE"):
            self.assertIn(remedy, done.stderr)

    def test_the_end_of_the_process_ends_the_window(self):
        sleeper = subprocess.Popen(["sleep", "1.5"])
        done = tare.run("attach", "--pid", str(sleeper.pid), "--idle", "0.1", "--duration", "30", "--no-functions", timeout=20)
        sleeper.wait()
        self.assertEqual(done.returncode, 5)
        self.assertIn("ended in mid-window", done.stderr)
        self.assertRegex(done.stdout, r"syscalls +\d+")


class Shared(unittest.TestCase):
    def test_stat_says_that_memory_shared_side_by_side_is_not_covered(self):
        counting.required_privilege()
        counts = counting.counts_of(counting.stat([counting.FIXTURES / "dynamic", "shared"])["command"]["repetitions"][0])
        for metric in ("allocations", "copies"):
            self.assertIn("CLONE_VM", str(counts[(metric, "")]))
        self.assertEqual(counts[("syscalls", "write")], 70)


if __name__ == "__main__":
    tare.main()
