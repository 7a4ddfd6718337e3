# SPDX-License-Identifier: Apache-2.0
"""Runs the built tare as a user would and reads what it wrote; every end-to-end test uses this."""
import collections
import csv
import functools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["TARE_BUILD"])
SOURCE = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = BUILD / "tare"

Row = collections.namedtuple("Row", "server wiring rung build kind op key_bytes value_bytes connections pipeline mode "
                                    "repetition source metric detail per divisor value status")


def required(condition, what):
    """Skips the test unless `condition` holds; where everything is required (CI), fails instead."""
    if condition:
        return
    if os.environ.get("TARE_REQUIRE_ALL") == "1":
        raise AssertionError(f"required here: {what}")
    raise unittest.SkipTest(f"needs {what}")


@functools.cache
def absences():
    """{subject of tare doctor, such as "probe copies" or "wiring uring/bundle": why it is absent}"""
    lines = run("doctor").stdout.splitlines()
    found = (re.match(r"absent +((?:probe |wiring |reference )?\S+) +(.*)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def required_probes(*names):
    """Skips the test where this machine does not have these probes, whatever else it lacks."""
    for name in names:
        required(f"probe {name}" not in absences(), f"probe {name}: {absences().get(f'probe {name}')}")


def run(*arguments, prefix=(), timeout=120):
    """A finished `tare ARGUMENTS`; its output as text."""
    return subprocess.run([*prefix, PROGRAM, *arguments], capture_output=True, text=True, timeout=timeout, check=False)


def main():
    """Runs the tests of the calling file; 77 when one was skipped and none failed, so that a skip is seen."""
    result = unittest.main(module="__main__", exit=False).result
    sys.exit(1 if not result.wasSuccessful() else 77 if result.skipped else 0)


def rows_of(folder):
    with open(pathlib.Path(folder) / "observations.csv", encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        assert tuple(next(reader)) == Row._fields
        return [Row(*fields) for fields in reader]


def claims_of(folder):
    with open(pathlib.Path(folder) / "claims.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def report(folder):
    """What `tare report` writes: the text of report.md and of the files in details/, by name ("report.md", "claims-checked.md")."""
    done = run("report", str(folder))
    assert done.returncode == 0, done.stderr
    first = pathlib.Path(done.stdout.splitlines()[-1])
    return {path.name: path.read_text(encoding="utf-8") for path in (first, *first.parent.glob("details/*.md"))}


def per_request(rows):
    """{(variant, build, op, value_bytes, repetition, source, metric, detail): (value, requests)} of what requests cost."""
    return {("/".join((row.server, row.wiring, row.rung)), row.build, row.op, int(row.value_bytes), int(row.repetition),
             row.source, row.metric, row.detail): (int(row.value), int(row.divisor))
            for row in rows if row.status == "ok" and row.per == "request"}


class Case(unittest.TestCase):
    """A test with a folder of its own for results."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tare-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def suite(self, text, name="mine.toml"):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run_suite(self, suite, *arguments, prefix=(), code=0):
        """The run's folder, or None when the run was to fail."""
        done = run("run", str(suite), "--out", str(self.folder / "results"), *arguments, prefix=prefix)
        self.assertEqual(done.returncode, code, done.stderr)
        self.stderr = done.stderr
        return pathlib.Path(done.stdout.splitlines()[-1]) if code == 0 else None
