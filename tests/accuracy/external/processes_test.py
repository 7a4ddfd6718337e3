# SPDX-License-Identifier: Apache-2.0
"""However a command comes to processes, threads and code, and however it ends: it is counted to its end, nothing of it is killed, and
nothing stays stopped. TARE_ROUNDS says how often each kind of daemon is run (4); 1000 takes some hours."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import counting
import tare

ROUNDS = int(os.environ.get("TARE_ROUNDS", "4"))
PROCESSES = counting.FIXTURES / "processes"
LOADER = counting.FIXTURES / "code_loader"
LIBRARY = counting.FIXTURES / "libfixture-own_malloc.so"


def left(text):
    """State by id of the processes whose command line has the text."""
    found = {}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if text in line and int(folder.name) != os.getpid():
                found[int(folder.name)] = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
    return found


def one(document):
    return counting.counts_of(document["command"]["repetitions"][0])


class Case(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()
        folder = tempfile.TemporaryDirectory(prefix="tare-processes-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.mark = self.folder / "mark"

    def count(self, command, code=0, timeout=60):
        """What `tare stat` counted, of a command that is expected to have come to its end."""
        self.mark.unlink(missing_ok=True)
        output = self.folder / "counts.json"
        output.unlink(missing_ok=True)
        done = subprocess.run([tare.PROGRAM, "stat", "--format", "json", "--output", output, "--", *map(str, command)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return one(json.loads(output.read_text(encoding="utf-8")))

    def hold(self, command, code=0, allocations=1009, writes=211):
        counts = self.count(command, code)
        self.assertTrue(self.mark.exists(), f"{command}: its work was cut short")
        self.assertGreaterEqual(counts[("syscalls", "write")], writes)
        self.assertEqual(counts.get(("allocation_sizes", "16..31"), counts[("allocations", "")]), allocations)
        self.assertEqual(left(str(self.mark)), {})


class Daemons(Case):
    """strace's and perf's users know them: what a command leaves behind is part of it, and nothing may end it."""

    def often(self, command, **expected):
        for _ in range(ROUNDS):
            self.hold(command, **expected)

    def test_a_command_that_forks_and_leaves_at_once(self):
        self.often([PROCESSES, "leave", self.mark])

    def test_daemon_3_and_exec(self):
        self.often([PROCESSES, "daemon", self.mark])

    def test_a_thread_forks_and_the_process_exits_at_once(self):
        self.often([PROCESSES, "thread_forks", self.mark])

    def test_a_program_that_hops_from_process_to_process(self):
        self.often([PROCESSES, "hops", self.mark, 40])

    def test_a_parent_that_is_killed_as_it_forks(self):
        self.often([PROCESSES, "killed_parent", self.mark])

    def test_a_child_that_is_a_sibling(self):
        self.often([PROCESSES, "sibling", self.mark])

    def shells(self):
        work = f"{PROCESSES} work {self.mark}"
        yield ["sh", "-c", f"{work} &"]
        yield ["sh", "-c", f"({work} &)"]
        yield ["sh", "-c", f"nohup {work} >/dev/null 2>&1 &"]
        yield ["bash", "-c", f"{work} & disown"]
        yield ["setsid", "-f", PROCESSES, "work", self.mark]
        yield ["start-stop-daemon", "-S", "-b", "-x", PROCESSES, "--", "work", self.mark]
        yield ["/usr/bin/python3", "-S", "-c",
               f"import os\nif os.fork(): os._exit(0)\nos.execv('{PROCESSES}', ['processes', 'work', '{self.mark}'])"]

    def test_background_jobs(self):
        for command in self.shells():
            with self.subTest(command=command[:3]):
                for _ in range(ROUNDS):
                    counts = self.count(command)
                    self.assertTrue(self.mark.exists(), "its work was cut short")
                    self.assertGreaterEqual(counts[("syscalls", "write")], 211)
                    self.assertGreaterEqual(counts[("allocations", "malloc")], 1009)
                    self.assertEqual(left(str(self.mark)), {})


class Untraced(Case):
    """CLONE_UNTRACED: no tracer gets such a child, which must neither be stopped nor lost."""

    def test_their_calls_count_and_their_functions_are_absent(self):
        for way in ("working", "executing", "opening", "outliving"):
            with self.subTest(way):
                counts = self.count([PROCESSES, "untraced", self.mark, way], timeout=20)
                self.assertTrue(self.mark.exists(), "its work was cut short")
                self.assertEqual(counts[("syscalls", "write")], 211)
                self.assertIn("CLONE_UNTRACED", counts[("allocations", "")])
                self.assertIn("CLONE_UNTRACED", counts[("copies", "")])
                self.assertEqual(left(str(self.mark)), {})


    def test_what_nobody_traces_goes_on_when_tare_is_killed(self):
        started = subprocess.Popen([tare.PROGRAM, "stat", "--", PROCESSES, "untraced", self.mark, "outliving"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(left(str(self.mark))) < 2 or started.pid not in left(str(self.mark)):
            time.sleep(0.01)
        time.sleep(0.2)
        started.kill()
        started.wait()
        deadline = time.monotonic() + 5
        while left(str(self.mark)) and time.monotonic() < deadline:
            self.assertNotIn(next(iter(left(str(self.mark)).values()), ""), ("T", "t"))
            time.sleep(0.02)
        self.assertEqual(left(str(self.mark)), {})


class Exits(Case):
    """Go's programs end by exit_group from any thread; servers by SIGTERM with all their threads alive."""

    def test_every_end_of_a_threaded_program_keeps_its_counts(self):
        for way, code in (("returns", 0), ("thread_exits", 0), ("executes", 0), ("killed", 5), ("aborts", 5)):
            for threads in (0, 1, 16):
                with self.subTest(way=way, threads=threads):
                    self.hold([PROCESSES, way, self.mark, threads], code)

    def test_a_first_thread_that_leaves_the_others(self):
        self.hold([PROCESSES, "first_thread_leaves", self.mark])

    def test_what_is_opened_when_the_first_thread_has_left(self):
        counts = self.count([PROCESSES, "first_thread_leaves_open", self.mark, LIBRARY])
        self.assertEqual(counts.get(("allocation_sizes", "4096..8191"), counts[("allocations", "")]), 1009)
        self.assertGreaterEqual(counts[("allocations", "malloc")], 2 * 1009)

    def test_exec_in_another_thread(self):
        # ranweiler/pete issue 107: the tracer hears of the first thread's id only.
        self.hold([PROCESSES, "thread_executes", self.mark], allocations=2 * 1009)

    def test_go(self):
        go = shutil.which("go")
        tare.required(go, "go")
        source = self.folder / "main.go"
        source.write_text('package main\nimport "os"\nfunc main() {\n null, _ := os.OpenFile("/dev/null", os.O_WRONLY, 0)\n'
                          ' for i := 0; i < 211; i++ { null.Write([]byte("x")) }\n go func() { os.Exit(0) }()\n select {}\n}\n',
                          encoding="utf-8")
        subprocess.run([go, "build", "-o", self.folder / "program", source], check=True, cwd=self.folder, timeout=120,
                       env={**os.environ, "GOCACHE": str(self.folder / "cache"), "GO111MODULE": "off", "HOME": str(self.folder)})
        for _ in range(3):
            counts = self.count([self.folder / "program"])
            self.assertGreaterEqual(counts[("syscalls", "write")], 211)
            self.assertNotIn("first thread", str(counts[("allocations", "")]))


class Code(Case):
    """Loaders of their own, as bpftrace issue 5053 has them (shared mappings, packages), and bcc's pull request 2314 (memory
    files): a library need not be mapped as ld.so does it."""

    def count_way(self, way):
        offset = subprocess.run(["nm", "-D", LIBRARY], capture_output=True, text=True, check=True).stdout.split()[0]
        rest, work = (self.count([LOADER, way, LIBRARY, offset, calls])[("allocations", "")] for calls in (0, 1009))
        return work if isinstance(work, str) else work - rest

    def test_code_that_the_kernel_puts_probes_into_is_counted(self):
        for way in ("mapped", "protected", "written", "known_and_written", "key", "moved", "gate", "gate_protected", "implied",
                    "memory_file"):
            with self.subTest(way):
                if way.startswith("gate"):
                    counting.required_32_bit_calls()
                self.assertEqual(self.count_way(way), 1009)

    def test_code_that_it_puts_none_into_is_absent(self):
        for way, reason in (("shared", "shared mapping"), ("segment", "shared mapping"), ("writable", "may write to"),
                            ("copied", "copied into memory without a file"), ("archive", "a library that lies in"),
                            ("patched", "overwritten")):
            with self.subTest(way):
                self.assertIn(reason, str(self.count_way(way)))

    def test_a_compiler_at_run_time_takes_nothing_away(self):
        for way in ("compiled", "compiled_twice_mapped"):
            with self.subTest(way):
                self.assertEqual(self.count_way(way), 0)


class Signals(Case):
    """Each begins in a session of its own, with the signals of a terminal as they are by default."""

    def begin(self, *arguments):
        def fresh():
            os.setsid()
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
                signal.signal(number, signal.SIG_DFL)
        started = subprocess.Popen([tare.PROGRAM, "stat", "--format", "json", *map(str, arguments)], preexec_fn=fresh,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(started.stdout.close)
        self.addCleanup(started.stderr.close)
        self.addCleanup(started.kill)
        return started

    def serving(self, *options):
        started = self.begin(*options, "--", PROCESSES, "serves", self.mark, 4)
        deadline = time.monotonic() + 20
        while not self.mark.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertTrue(self.mark.exists())
        return started

    def end(self, started, seconds=5):
        output, errors = started.communicate(timeout=seconds)
        deadline = time.monotonic() + 2
        while left(str(self.mark)) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.assertEqual(left(str(self.mark)), {})
        return started.returncode, json.loads(output) if output.strip() else None, errors

    def test_one_signal_to_tare_ends_the_server_and_prints_its_counts(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            for whole_group in (False, True):
                with self.subTest(number=number, whole_group=whole_group):
                    self.mark.unlink(missing_ok=True)
                    started = self.serving()
                    (os.killpg if whole_group else os.kill)(started.pid, number)
                    code, document, errors = self.end(started)
                    self.assertEqual(code, 5, errors)
                    self.assertIn(f"signal {int(number)}", errors)
                    self.assertEqual(one(document)[("allocation_sizes", "16..31")], 1009)

    def test_a_server_that_ends_well_by_the_signal_is_exit_code_0(self):
        script = f"trap 'exit 0' TERM; touch {self.mark}; while :; do sleep 0.05; done"
        started = self.begin("--", "sh", "-c", script)
        while not self.mark.exists():
            time.sleep(0.02)
        started.terminate()
        code, document, errors = self.end(started)
        self.assertEqual(code, 0, errors)
        self.assertGreater(one(document)[("syscalls", "")], 0)

    def test_timeout_1(self):
        done = subprocess.run(["timeout", "3", tare.PROGRAM, "stat", "--format", "json", "--", PROCESSES, "serves", self.mark, "4"],
                              capture_output=True, text=True, timeout=20, check=False)
        self.assertEqual(one(json.loads(done.stdout))[("allocation_sizes", "16..31")], 1009)

    def test_one_interrupt_ends_all_repetitions_and_keeps_the_whole_ones(self):
        started = self.begin("-r", "50", "--", "sleep", "0.3")
        time.sleep(4)
        os.killpg(started.pid, signal.SIGINT)
        code, document, errors = self.end(started)
        self.assertEqual(code, 5)
        repetitions = document["command"]["repetitions"]
        self.assertRegex(errors, rf"interrupted; {len(repetitions)} of 50 repetitions")
        self.assertEqual({repetition["end"] for repetition in repetitions}, {"exit code 0"})

    def test_a_stopped_command_ends_too(self):
        started = self.serving()
        children = [pid for pid in left(str(self.mark)) if pid != started.pid]
        self.assertEqual(len(children), 1)
        os.kill(children[0], signal.SIGSTOP)
        time.sleep(0.3)
        self.assertEqual(left(str(self.mark))[children[0]], "t")
        started.terminate()
        code, document, errors = self.end(started)
        self.assertEqual((code, one(document)[("syscalls", "write")]), (5, 211), errors)

    def test_a_second_signal_ends_at_once_what_does_not_want_to_end(self):
        started = self.begin("--", "sh", "-c", f"trap '' TERM; touch {self.mark}; while :; do sleep 0.05; done")
        while not self.mark.exists():
            time.sleep(0.02)
        started.terminate()
        time.sleep(1.3)
        self.assertIsNone(started.poll())
        started.terminate()
        code, document, _ = self.end(started, 2)
        self.assertEqual((code, document), (-signal.SIGTERM, None))

    def test_interrupted_in_the_midst_of_vfork(self):
        # strace pull request 277: threads that start programs, and the tracer is interrupted.
        started = self.begin("--", PROCESSES, "start_programs", self.mark, 6)
        time.sleep(2.5)
        os.killpg(started.pid, signal.SIGINT)
        code, document, errors = self.end(started, 10)
        self.assertEqual(code, 5, errors)
        self.assertGreater(one(document)[("syscalls", "vfork")], 0)

    def test_a_hangup_that_is_ignored_stays_so(self):
        done = subprocess.run(["nohup", tare.PROGRAM, "stat", "--format", "json", "--", "sh", "-c",
                               "kill -HUP $PPID; kill -HUP $$; exit 0"], capture_output=True, timeout=20, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    tare.main()
