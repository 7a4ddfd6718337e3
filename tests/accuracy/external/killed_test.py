# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments: no BPF program or link of ours stays, and no process. TARE_KILLS says how often (12)."""
import json
import os
import pathlib
import random
import signal
import subprocess
import tempfile
import time
import unittest

import counting
import tare

KILLS = int(os.environ.get("TARE_KILLS", "12"))
# Programs of every probe; other tools have none of these names.
OURS = {"on_enter", "on_exit", "on_submit", "on_complete", "on_overflow", "on_punt", "on_receive", "on_send", "on_switch", "on_call",
        "on_exec", "on_fork", "on_process_exit", "on_mapped", "find_running", "on_complete_by_fields", "on_refused", "on_create", "on_thread_exit"}


def listed(what):
    return json.loads(subprocess.run(["bpftool", "--json", what, "show"], capture_output=True, check=True).stdout)


def held():
    """Ids of the programs that some living process has a descriptor of, or of a link to them."""
    ids = set()
    for folder in pathlib.Path("/proc").glob("[0-9]*/fdinfo"):
        try:
            for file in folder.iterdir():
                ids.update(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith("prog_id:"))
        except OSError:
            continue
    return ids


def programs():
    """Ids of programs of ours that nobody holds; `bpftool` cuts their names at 15 characters."""
    names = {name[:15] for name in OURS}
    found = {each["id"] for each in listed("prog") if each.get("name") in names}
    return found - held() if found else found


def links():
    """Ids of links to such programs."""
    ours = programs()
    return {each["id"] for each in listed("link") if each.get("prog_id") in ours} if ours else set()


def processes(mark):
    """Those whose environment has the mark."""
    found = []
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:
                continue
    return found


def settled(seen, seconds=20):
    """What is left of `seen()` once nothing goes away any more; the kernel lets go of programs after a grace period."""
    deadline = time.monotonic() + seconds
    while (left := seen()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


class Killed(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()
        tare.required(subprocess.run(["which", "bpftool"], capture_output=True, check=False).returncode == 0, "bpftool")
        folder = tempfile.TemporaryDirectory(prefix="tare-killed-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def kill_often(self, command, longest_s, kills=KILLS // 2):
        moments = random.Random(2026)
        for kill in range(kills):
            mark = f"TARE_KILLED_TEST={os.getpid()}_{command[0]}_{kill}"
            name, value = mark.split("=")
            started = subprocess.Popen([tare.PROGRAM, *command], env={**os.environ, name: value}, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            time.sleep(moments.uniform(0, longest_s))
            started.send_signal(signal.SIGKILL)
            started.wait()
            left = settled(lambda: processes(mark.encode()))
            self.assertEqual(left, [], f"processes left by kill {kill} of {command}")
            self.assertEqual(settled(links), set(), f"links left by kill {kill} of {command}")
            self.assertEqual(settled(programs), set(), f"programs left by kill {kill} of {command}")

    def test_stat(self):
        self.kill_often(["stat", "-r", "50", "--", "sh", "-c", f"{counting.FIXTURES / 'dynamic'} forks; sleep 60 & sleep 60"], 2.5)

    def test_attach(self):
        server = subprocess.Popen(["sleep", "3600"])
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        self.kill_often(["attach", "--pid", str(server.pid), "--", "sleep", "60"], 2.5, kills=KILLS // 4)
        self.assertIsNone(server.poll(), "the process that was attached to goes on")

    def test_run(self):
        self.kill_often(["run", "overhead-analysis", "--out", self.folder], 4.0)


if __name__ == "__main__":
    tare.main()
