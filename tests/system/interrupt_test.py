# SPDX-License-Identifier: Apache-2.0
"""A run that is interrupted, or whose server dies, keeps what it measured, says where, and leaves nothing behind."""
import json
import re
import signal
import subprocess
import time

import tare

SUITE = """
description = "three passes over two servers"

[[load]]
variant = ["epoll/level/as_described", "epoll/ideal"]
build = "timed"
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 4
duration_ms = 300
open_loop_percent = 50
repetitions = 30
"""


CAPACITIES = 2  # the first steps, one a server, by which the open loops' rate is chosen


def servers_of(pid):
    """The children of a process."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.split()


class Interrupt(tare.Case):
    def begin(self):
        """A run that has come to its second pass."""
        process = subprocess.Popen([tare.PROGRAM, "run", self.suite(SUITE), "--out", self.folder / "results"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.said = []
        for line in process.stderr:
            self.said.append(line)
            if "pass 2 of" in line:
                return process
        self.fail("".join(self.said))

    def end(self, process):
        _, errors = process.communicate(timeout=30)
        return "".join(self.said) + errors

    def kept_in(self, said):
        match = re.search(r"kept (\d+) of 62 steps in (\S+)", said)
        self.assertIsNotNone(match, said)
        return int(match.group(1)), match.group(2)

    def test_what_was_measured_is_kept_and_no_report_takes_it_for_a_run(self):
        process = self.begin()
        children = servers_of(process.pid)
        process.send_signal(signal.SIGINT)
        said = self.end(process)
        self.assertEqual(process.returncode, 5, said)
        self.assertIn("interrupted", said)
        steps, folder = self.kept_in(said)
        self.assertGreaterEqual(steps, CAPACITIES + 2)
        rows = tare.rows_of(folder)
        self.assertEqual(sum(row.metric == "cpu_ns" for row in rows), steps - CAPACITIES)
        with open(f"{folder}/environment.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file)["partial"], "interrupted")
        refused = tare.run("report", folder)
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertFalse((self.folder / "results" / "latest").exists())
        for child in children:
            self.assertNotEqual(subprocess.run(["kill", "-0", child], capture_output=True, check=False).returncode, 0)

    def test_so_it_is_when_a_server_dies(self):
        process = self.begin()
        deadline = time.monotonic() + 20
        while not (children := servers_of(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.001)
        subprocess.run(["kill", "-9", children[0]], check=True)
        said = self.end(process)
        self.assertEqual(process.returncode, 5, said)
        self.assertIn("signal 9", said)
        self.kept_in(said)

    def test_nothing_measured_yet_is_said(self):
        process = subprocess.Popen([tare.PROGRAM, "run", self.suite(SUITE), "--out", self.folder / "results"],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 5, errors)
        self.assertIn("nothing was measured yet", errors)


if __name__ == "__main__":
    tare.main()
