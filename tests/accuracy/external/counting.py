# SPDX-License-Identifier: Apache-2.0
"""What `tare stat` says of two commands that differ by a known amount of work."""
import functools
import json
import os
import shlex
import signal
import subprocess
import unittest

import tare

FIXTURES = tare.BUILD / "fixtures"
WORK = {"allocations": 1009, "copies": 503, "write": 211, "copies of 64..127": 503}
FAMILY = {"allocations": 101 + 2 * 103 + 107 + 109 + 113 + 127, "copies": 131 + 137 + 139, "write": 0}


def required_privilege():
    tare.required(os.geteuid() == 0 and os.path.exists("/sys/kernel/btf/vmlinux"), "root and a kernel with BTF")


@functools.cache
def lacks_32_bit_calls():
    """True where the kernel or the machine below it has no 32-bit gate: an `int $0x80` ends the program, without tare too."""
    done = subprocess.run([FIXTURES / "system_calls", "int80"], capture_output=True, timeout=60, check=False)
    return done.returncode == -signal.SIGSEGV


def required_32_bit_calls():
    """Skips the test on a machine without the gate, also where all else is required: no package brings it."""
    if lacks_32_bit_calls():
        raise unittest.SkipTest("this machine has no 32-bit system calls")


def counts_of(repetition):
    """{(metric, detail): count, or the status of an absent one}"""
    return {(row["metric"], row["detail"]): row.get("value", row["status"]) for row in repetition["counts"]}


def stat(command, *options, prefix=(), code=0):
    """The document that `tare stat` prints for a command, or for one with --diff among the options."""
    done = tare.run("stat", "--format", "json", *options, "--", *command, prefix=prefix)
    assert done.returncode == code, f"{shlex.join(map(str, command))}: exit {done.returncode}: {done.stderr}"
    return json.loads(done.stdout)


def difference(resting, working):
    """{allocations, copies, write}: how many more `working` does, or why that is absent."""
    document = stat(working, "--diff", shlex.join(map(str, resting)))
    less, more = (counts_of(document[name]["repetitions"][0]) for name in ("other_command", "command"))

    def change(metric, detail=""):
        here, there = more.get((metric, detail), 0), less.get((metric, detail), 0)
        absent = [side for side in (here, there) if isinstance(side, str)]
        return absent[0] if absent else here - there

    syscalls = more[("syscalls", "")]
    totals = [change("copies"), change("copy_sizes")]
    sizes = change("copy_sizes", "64..127") if not any(isinstance(total, str) for total in totals) else totals[0]
    return {"allocations": change("allocations"), "copies": change("copies"),
            "write": syscalls if isinstance(syscalls, str) else change("syscalls", "write"), "copies of 64..127": sizes}
