# SPDX-License-Identifier: Apache-2.0
"""Machines that allow less, servers that die, runs that are killed: absent and not zero, and nothing left behind."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

import tare

LONG = '''description = "long enough to be killed in"
[[cells]]
variant = "uring/oneshot/as_described"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 1000000
'''


def children_of(pid):
    try:
        return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def arguments_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def await_true(condition, what, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what}")
        time.sleep(0.02)


def programs():
    """Lines of the loaded BPF programs that are ours; none where they cannot be listed, for then none can be loaded."""
    listed = subprocess.run(["bpftool", "prog", "list"], capture_output=True, text=True, check=False).stdout
    return [line for line in listed.splitlines() if "name on_" in line]


class Unprivileged(tare.Case):
    def test_ledger_stays_and_bpf_is_absent(self):
        tare.required(os.geteuid() == 0, "root, to become another user")
        programs_folder = self.folder / "bin"
        programs_folder.mkdir()
        for name in ("tare", "tare-server", "tare-server-counted"):
            shutil.copy(tare.BUILD / name, programs_folder)
        self.folder.chmod(0o755)
        results = self.folder / "results"
        results.mkdir()
        os.chown(results, 65534, 65534)
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", programs_folder / "tare", "run",
                               "overhead-analysis", "--out", results, "--only", "as_described .* 64$"],
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = tare.rows_of(done.stdout.splitlines()[-1])
        bpf = [row for row in rows if row.source == "bpf"]
        self.assertTrue(bpf)
        for row in bpf:
            self.assertTrue(row.status.startswith("absent:") and len(row.status) > 10 and row.value == "", row)
        counts = tare.per_request(rows)
        self.assertEqual(counts["epoll/level/as_described", "counted", "get_hit", 64, 0, "ledger", "syscalls", ""], (1500, 500))
        report = tare.report(done.stdout.splitlines()[-1])
        self.assertIn("ledger alone", report["claims-checked.md"])
        self.assertIn("Not counted by ", report["report.md"])


class NoUring(tare.Case):
    def test_epoll_is_measured_and_uring_is_absent(self):
        deny = (tare.BUILD / "tare-deny-io-uring",)
        folder = self.run_suite("overhead-analysis", "--only", "as_described counted get_hit 16 64", prefix=deny)
        rows = tare.rows_of(folder)
        uring = [row for row in rows if row.server == "uring" and row.source != "prediction"]
        self.assertTrue(uring)
        for row in uring:
            self.assertIn("io_uring_setup", row.status)
            self.assertEqual(row.value, "")
        self.assertIn(("epoll/level/as_described", "counted", "get_hit", 64, 0, "ledger", "syscalls", ""), tare.per_request(rows))
        report = tare.report(folder)["report.md"]
        self.assertIn("tare-server: io_uring_setup with", report.split("## Breakdown")[0].split("## Summary")[1])

    def test_nothing_to_measure_is_exit_4(self):
        self.run_suite("overhead-analysis", "--only", "uring.*as_described counted get_hit", prefix=(tare.BUILD / "tare-deny-io-uring",), code=4)
        self.assertFalse((self.folder / "results" / "latest").exists())


class Deaths(tare.Case):
    def start(self):
        tare.required_probes("system_calls")
        self.before = programs()
        self.process = subprocess.Popen([tare.PROGRAM, "run", str(self.suite(LONG)), "--out", str(self.folder / "results")],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.kill)

    def server(self):
        """The server's pid, once requests go to it."""
        found = []

        def serving():
            # Others only say what they predict, and are gone at once.
            found[:] = [child for child in children_of(self.process.pid) if "--ledger" in arguments_of(child)]
            return bool(found) and bool(set(programs()) - set(self.before))
        await_true(serving, "a server under probes")
        time.sleep(0.5)
        return found[0]

    def nothing_complete(self):
        results = self.folder / "results"
        return not results.exists() or not list(results.glob("*/COMPLETE")) and not (results / "latest").is_symlink()

    def test_server_dies(self):
        self.start()
        os.kill(self.server(), signal.SIGKILL)
        _, errors = self.process.communicate(timeout=30)
        self.assertEqual(self.process.returncode, 5, errors)
        self.assertIn("signal 9", errors)
        self.assertTrue(self.nothing_complete())

    def test_server_dies_at_start(self):
        folder = self.folder / "bin"
        folder.mkdir()
        for name in ("tare-server", "tare-server-counted"):
            script = folder / name
            script.write_text('#!/bin/sh\ncase "$*" in *--list*|*--settings*|*--predict*) exec ' + str(tare.BUILD) +
                              '/tare-server "$@";; esac\necho the disk is on fire >&2\nexit 9\n', encoding="utf-8")
            script.chmod(0o755)
        self.run_suite(self.suite(LONG), "--servers", str(folder), code=5)
        self.assertIn("the disk is on fire", self.stderr)

    def test_a_server_that_takes_its_time_to_refuse_is_absent(self):
        folder = self.folder / "bin"
        folder.mkdir()
        for name in ("tare-server", "tare-server-counted"):
            script = folder / name
            script.write_text('#!/bin/sh\ncase "$*" in *--list*|*--settings*|*--predict*) exec ' + str(tare.BUILD) +
                              '/tare-server "$@";; esac\nexec >&-\nsleep 1\necho no such feature >&2\nexit 4\n', encoding="utf-8")
            script.chmod(0o755)
        self.run_suite(self.suite(LONG), "--servers", str(folder), code=4)
        self.assertIn("no such feature", self.stderr)

    def test_killed_run_leaves_nothing(self):
        self.start()
        server = self.server()
        self.process.kill()
        self.process.wait()
        await_true(lambda: not os.path.exists(f"/proc/{server}"), "the server's end")
        # Those of tare doctor before it may still be on their way out when it has ended.
        await_true(lambda: set(programs()) <= set(self.before), "the probes' end")
        self.assertTrue(self.nothing_complete())

    def test_interrupted_run_leaves_nothing(self):
        self.start()
        server = self.server()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        self.assertNotEqual(self.process.returncode, 0)
        await_true(lambda: not os.path.exists(f"/proc/{server}"), "the server's end")
        self.assertTrue(self.nothing_complete())


if __name__ == "__main__":
    tare.main()
