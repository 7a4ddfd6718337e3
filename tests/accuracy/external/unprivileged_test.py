# SPDX-License-Identifier: Apache-2.0
"""`tare stat` without BPF: a tracer and a preloaded library count what the BPF programs count, and say what they cannot; as an ordinary
user, in a namespace, and under a container's profile."""
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

FIXTURES = counting.FIXTURES
DENIED = tare.SOURCE / "tests/accuracy/fixtures/container_denied.txt"
NOBODY = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all")
# What an engine leaves to a container's root.
CONTAINER_CAPABILITIES = ("-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,"
                          "+sys_chroot,+mknod,+audit_write,+setfcap")
# By BPF alone.
OTHERS = {"cqe_overflows", "io_wq_punts", "kernel_copied_bytes", "context_switches"}
BY_LIBRARY = ("allocations", "allocated_bytes", "copies", "copied_bytes", "fills", "filled_bytes")


def counted(command, *options, prefix=(), code=0):
    """{(metric, detail): count or status}, and {metric: source} of one run."""
    done = tare.run("stat", "--format", "json", *options, "--", *map(str, command), prefix=prefix)
    assert done.returncode == code, f"{command}: exit {done.returncode}: {done.stderr}"
    repetition = json.loads(done.stdout)["command"]["repetitions"][0]
    return counting.counts_of(repetition), {row["metric"]: row["source"] for row in repetition["counts"]}


class Equal(unittest.TestCase):
    """Each program once by BPF and once without: the same rows."""

    def setUp(self):
        counting.required_privilege()
        folder = tempfile.TemporaryDirectory(prefix="tare-unprivileged-")
        self.addCleanup(folder.cleanup)
        self.mark = pathlib.Path(folder.name) / "mark"

    def hold(self, *command, code=0, programs=1):
        with self.subTest(command=[str(word) for word in command[:3]]):
            bpf, _ = counted(command, "--counters", "bpf", code=code)
            other, sources = counted(command, "--counters", "unprivileged", code=code)
            self.assertEqual({sources["syscalls"], sources["allocations"], sources["sqes"]}, {"ptrace", "preload", "fdinfo"})
            for metric in OTHERS:
                self.assertIn("absent:", other[(metric, "")])
            kept = [key for key in {*bpf, *other} if key[0] not in OTHERS and not (key[0] in ("sqes", "cqes") and key[1])]
            differing = {key: (bpf.get(key, 0), other.get(key, 0)) for key in kept if bpf.get(key, 0) != other.get(key, 0)}
            extra = differing.pop(("syscalls", "mmap"), (0, 0))
            total = differing.pop(("syscalls", ""), (0, 0))
            self.assertEqual(differing, {})
            # The dynamic linker may need a page more for its table of one library more.
            self.assertIn(extra[1] - extra[0], range(programs + 1))
            self.assertEqual(total[1] - total[0], extra[1] - extra[0])

    def test_every_function_of_the_families(self):
        for program, what in (("dynamic", "work"), ("dynamic", "family"), ("cxx", "work"), ("lto", "work"), ("stripped", "work"),
                              ("allocations", "all"), ("allocations", "refused"), ("jemalloc", "family"), ("mimalloc", "work")):
            self.hold(FIXTURES / program, what)

    def test_children_and_daemons(self):
        for what in ("forks", "vforks"):
            self.hold(FIXTURES / "dynamic", what)
        for way in ("leave", "daemon", "killed_parent", "sibling"):
            self.hold(FIXTURES / "processes", way, self.mark, programs=2)
        self.hold(FIXTURES / "processes", "hops", self.mark, "40")

    def test_calls_off_the_usual_path(self):
        for kind in ("allow", "errno", "again", "trap", "trace", "many_numbers", "x32"):
            self.hold(FIXTURES / "system_calls", kind)
        self.hold(FIXTURES / "system_calls", "number", "440", "511", "9999", "-1", "1000000", "0x4000270f", "0x7fffffffffff")
        for kind in ("kill_process", "strict"):
            self.hold(FIXTURES / "system_calls", kind, code=5)

    def test_the_32_bit_gate(self):
        counting.required_32_bit_calls()
        for kind in ("int80", "int80_exit"):
            self.hold(FIXTURES / "system_calls", kind)

    def test_queues(self):
        for kind in ("overflow_plain", "refused_opcode", "messages", "shared_by_fork", "dropped"):
            self.hold(FIXTURES / "queue", kind)

    def test_programs_of_others(self):
        self.hold("ls", "-la", "/")
        self.hold("sort", "/etc/passwd")
        self.hold("tar", "cf", "/dev/null", "/etc/apt")
        self.hold("sh", "-c", "env; exec env -i ls /", programs=3)
        self.hold("env", "LD_PRELOAD=libm.so.6", "env", programs=2)

    def test_work_that_threads_share(self):
        # How often they wait for one another is a matter of time; their work is not.
        other, _ = counted([FIXTURES / "dynamic", "threads"], "--counters", "unprivileged")
        self.assertEqual((other[("allocation_sizes", "16..31")], other[("copy_sizes", "64..127")], other[("syscalls", "write")]),
                         (1009, 503, 211))

    def test_what_a_killed_program_did_is_counted(self):
        other, _ = counted([FIXTURES / "processes", "killed", self.mark, "4"], "--counters", "unprivileged", code=5)
        self.assertEqual(other[("allocation_sizes", "16..31")], 1009)
        self.assertGreaterEqual(other[("syscalls", "write")], 211)


class Confined(unittest.TestCase):
    """Where BPF is refused, `auto` takes the others."""

    def hold(self, prefix):
        with tempfile.TemporaryDirectory(prefix="tare-unprivileged-") as folder:
            os.chmod(folder, 0o755)
            for name in ("dynamic", "static", "queue", "processes"):
                shutil.copy(FIXTURES / name, folder)
            program = pathlib.Path(folder) / "dynamic"
            working, sources = counted([program, "work"], prefix=prefix)
            resting, _ = counted([program, "rest"], prefix=prefix)
            self.assertEqual({sources["syscalls"], sources["allocations"], sources["sqes"]}, {"ptrace", "preload", "fdinfo"})
            for metric, detail, count in (("allocations", "", 1009), ("copies", "", 503), ("syscalls", "write", 211)):
                self.assertEqual(working[(metric, detail)] - resting.get((metric, detail), 0), count)
            self.assertIn("absent:no BPF permission", working[("context_switches", "")])
            static, _ = counted([pathlib.Path(folder) / "static", "work"], prefix=prefix)
            self.assertEqual(static[("syscalls", "write")], 211)
            for metric in BY_LIBRARY:
                self.assertIn("is a static program, to which no library can be preloaded", static[(metric, "")])

    def test_an_ordinary_user(self):
        self.required_root()
        self.hold(NOBODY)

    def test_a_user_and_pid_namespace_without_capabilities(self):
        self.required_root()
        prefix = ("unshare", "-Urpf", "--mount-proc", "setpriv", "--inh-caps=-all", "--bounding-set=-all")
        tare.required(subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0, "user namespaces")
        self.hold(prefix)

    def test_a_containers_profile(self):
        self.required_root()
        prefix = ("setpriv", f"--bounding-set={CONTAINER_CAPABILITIES}", str(FIXTURES / "confined"), str(DENIED))
        self.hold(prefix)
        queue, _ = counted([FIXTURES / "queue", "overflow_plain"], prefix=prefix, code=5)
        self.assertEqual((queue[("syscalls", "io_uring_setup")], queue[("sqes", "")], queue[("cqes", "")]), (1, 0, 0))

    def required_root(self):
        tare.required(os.geteuid() == 0, "root, to give privilege away")


class Absent(unittest.TestCase):
    """What cannot be counted is named, and never 0."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-unprivileged-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def hold(self, command, reason, metrics=BY_LIBRARY, code=0):
        counts, _ = counted(command, "--counters", "unprivileged", code=code)
        for metric in metrics:
            self.assertRegex(str(counts[(metric, "")]), f"absent:.*{reason}")
        self.assertGreater(counts[("syscalls", "")], 0)

    def test_programs_that_the_library_does_not_come_to(self):
        self.hold([FIXTURES / "static", "work"], "static program")
        self.hold(["sh", "-c", f"{FIXTURES / 'dynamic'} work; {FIXTURES / 'static_stripped'} work"], "static_stripped is a static")
        self.hold([FIXTURES / "musl_dynamic", "work"], "ld-musl")

    def test_a_set_uid_program(self):
        tare.required(os.geteuid() == 0, "root, to make one")
        self.folder.chmod(0o755)
        program = self.folder / "set_uid"
        shutil.copy(FIXTURES / "dynamic", program)
        shutil.chown(program, "nobody")
        program.chmod(0o4755)
        self.hold([program, "work"], "did not come to run in .*set_uid")

    def test_functions_past_the_library(self):
        self.hold([FIXTURES / "jemalloc_inside", "work"], "has functions of the malloc family inside", ("allocations",))
        self.hold([FIXTURES / "allocations_jemalloc", "all"], "past malloc", ("allocations",))
        self.hold(["env", "ASAN_OPTIONS=detect_leaks=0", FIXTURES / "address_sanitizer", "work"],
                  "address sanitizer, before which no library may be loaded")
        self.hold([FIXTURES / "thread_sanitizer", "work"], "has functions of the memcpy family inside", ("copies", "fills"))
        self.hold([FIXTURES / "processes", "first_thread_leaves_open", self.folder / "mark", FIXTURES / "libfixture-own_malloc.so"],
                  "own_malloc.so has functions of the malloc family inside", ("allocations",))

    def test_a_ring_without_a_descriptor(self):
        for kind in ("by_index_closed", "index_only"):
            self.hold([FIXTURES / "queue", kind], "a ring has no descriptor", ("sqes", "cqes"))
        counts, _ = counted([FIXTURES / "queue", "by_index"], "--counters", "unprivileged")
        self.assertEqual((counts[("sqes", "")], counts[("cqes", "")]), (13, 13))

    def test_a_child_that_nobody_may_trace(self):
        counts, _ = counted([FIXTURES / "processes", "untraced", self.folder / "mark", "working"], "--counters", "unprivileged")
        self.assertIn("CLONE_UNTRACED", counts[("syscalls", "")])

    def test_call_sites_and_counters_of_functions(self):
        done = tare.run("stat", "--counters", "unprivileged", "--call-sites", "--counter", "locks=pthread_mutex_lock", "--", "true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"locks +absent")


class Command(unittest.TestCase):
    def test_the_program_sees_its_own_environment(self):
        done = tare.run("stat", "--counters", "unprivileged", "--output", "/dev/null", "--", "env", "-i", "A=1",
                        "LD_PRELOAD=libm.so.6", "sh", "-c", "env")
        self.assertEqual(sorted(line for line in done.stdout.splitlines() if not line.startswith(("PWD", "_=", "SHLVL", "OLDPWD"))),
                         ["A=1", "LD_PRELOAD=libm.so.6"])

    def test_repetitions_and_differences(self):
        done = tare.run("stat", "--counters", "unprivileged", "--format", "csv", "-r", "2", "--diff",
                        f"{FIXTURES / 'dynamic'} rest", "--", str(FIXTURES / "dynamic"), "work")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [line.split(",") for line in done.stdout.splitlines()]
        header, rows = lines[0], [dict(zip(lines[0], line)) for line in lines[1:]]
        self.assertIn("source", header)
        writes = [row for row in rows if (row["metric"], row["detail"], row["op"]) == ("syscalls", "write", "command")]
        self.assertEqual([(row["source"], row["value"]) for row in writes], [("ptrace", "211")] * 2)
        self.assertEqual({row["source"] for row in rows if row["metric"] == "allocations"}, {"preload"})

    def test_ends(self):
        done = tare.run("stat", "--counters", "unprivileged", "--", "false")
        self.assertEqual(done.returncode, 5)
        self.assertRegex(done.stdout, r"syscalls +\d+")
        done = tare.run("stat", "--counters", "unprivileged", "--", "/nowhere/to/be/found")
        self.assertEqual(done.returncode, 5)
        self.assertIn("cannot be executed", done.stderr)
        self.assertEqual(tare.run("stat", "--counters", "nobody", "--", "true").returncode, 2)

    def test_a_signal_ends_the_command_and_not_the_counting(self):
        started = subprocess.Popen([tare.PROGRAM, "stat", "--counters", "unprivileged", "--", "sleep", "60"], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(2)
        started.send_signal(signal.SIGTERM)
        text, _ = started.communicate(timeout=30)
        self.assertEqual(started.returncode, 5)
        self.assertRegex(text, r"clock_nanosleep +1\n")

    def test_nothing_is_left_when_tare_is_killed(self):
        started = subprocess.Popen([tare.PROGRAM, "stat", "--counters", "unprivileged", "--", "sleep", "3021"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(self.comes_true(self.sleepers), "the command did not come to run")
        started.kill()
        started.wait()
        self.assertTrue(self.comes_true(lambda: not self.sleepers()), "the command outlived tare")

    @staticmethod
    def sleepers():
        return subprocess.run(["pgrep", "-f", "^sleep 3021"], capture_output=True, check=False).stdout

    @staticmethod
    def comes_true(condition):
        until = time.monotonic() + 20
        while not condition() and time.monotonic() < until:
            time.sleep(0.1)
        return condition()


if __name__ == "__main__":
    tare.main()
