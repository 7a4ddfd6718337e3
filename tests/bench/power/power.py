#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How well the comparison finds what changed, and how often it cries wolf: measures both on planted patches, and on jobs drawn
from recorded windows, and writes docs/power.md. What is measured stays in the folder, and a second call goes on from there.

Usage: power.py BUILD [--measure counts windows plants] [--folder DIR] [--pairs N] [--record-s S] [--plants N] [--limit-s S]
                      [--write FILE]
"""
import argparse
import json
import math
import pathlib
import re
import subprocess
import sys
import time

import power_counts
import power_page
import power_plants
import power_windows

PARTS = ("counts", "windows", "plants")


class Tare:
    """The built tare and the servers before and after the patches."""

    def __init__(self, build):
        self.build = build

    def run(self, suite, side, folder):
        """A run's folder."""
        done = self.call("run", suite, "--servers", self.build / "power" / side, "--out", folder)
        if done.returncode != 0:
            raise SystemExit(f"tare run {suite.name}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        return pathlib.Path(done.stdout.splitlines()[-1])

    def ab(self, suite, only, folder, base, head, *arguments):
        """{base, head, control}: the runs' folders."""
        done = self.call("ab", suite, "--only", only, "--base-root", base, "--head-root", head, "--out", folder, "--format", "json",
                         *arguments)
        runs = dict(re.findall(r"^(base|head|control) (/?\S+)$", done.stderr, re.MULTILINE))
        if done.returncode not in (0, 1) or len(runs) != 3:
            raise SystemExit(f"tare ab {suite.name}: exit code {done.returncode}\n{done.stderr[-2000:]}")
        return {side: pathlib.Path(run) for side, run in runs.items()}

    def compare(self, base, head, *arguments):
        """{code, rungs, changed}: exit code, the cells' rungs, and each row whose verdict is a change or a loss."""
        done = self.call("compare", base, head, "--format", "json", *arguments)
        if done.returncode not in (0, 1):
            raise SystemExit(f"tare compare: exit code {done.returncode}\n{done.stderr[-2000:]}")
        rows = json.loads(done.stdout)["rows"]
        changed = [{"rung": row["cell"]["rung"], **{key: row[key] for key in ("source", "metric", "detail", "difference", "verdict")}}
                   for row in rows if row["verdict"] not in ("same", "not worse", "unresolved")]
        return {"code": done.returncode, "rungs": sorted({row["cell"]["rung"] for row in rows}), "changed": changed}

    def call(self, *arguments):
        return subprocess.run([self.build / "tare", *map(str, arguments)], capture_output=True, text=True, check=False)

    def gate_percent(self):
        """Of times, in the built-in gate."""
        return float(re.search(r"^percent = ([0-9.]+)", self.call("compare", "--print-gate").stdout, re.MULTILINE).group(1))


def environments_of(folder):
    """Revisions of tare and the machines, of all runs in the folder."""
    environments = [json.loads(path.read_text(encoding="utf-8")) for path in folder.rglob("environment.json")]
    revisions = {each["tare"]["revision"][:12] + (" with changes" if each["tare"]["modified"] else "") for each in environments}
    machines = {f"{machine['cpu']}, {machine['cpu_count']} cores, {machine['kernel'].split('-')[0]}"
                for machine in (each["machine"] for each in environments)}
    return ", ".join(sorted(revisions)), "; ".join(sorted(machines))


def measure(options, counts, windows, plants):
    """What is still missing, with a line for each step."""
    if "counts" in options.measure:
        yield from counts.measure(options.pairs)
    if "windows" in options.measure:
        yield from power_windows.measure(windows, options.record_s)
    if "plants" in options.measure:
        yield from plants.measure(options.plants)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("results/power"), help="where what was measured stays")
    parser.add_argument("--measure", nargs="*", choices=PARTS, default=PARTS, help="what to go on with; nothing writes the page alone")
    parser.add_argument("--pairs", type=int, default=101, help="pairs of runs for the counts; from the second on each gives two A/A, too")
    parser.add_argument("--record-s", type=float, default=300, help="seconds for which the windows of each suite are recorded")
    parser.add_argument("--plants", type=int, default=40, help="jobs of `tare ab` with a real change; each gives one A/A, too")
    parser.add_argument("--limit-s", type=float, default=math.inf, help="no further run or block begins after so many seconds")
    parser.add_argument("--jobs", type=int, default=4000, help="jobs that are drawn from each suite's windows")
    parser.add_argument("--write", type=pathlib.Path, help="the page; stdout without it")
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    tare = Tare(options.build.resolve())
    counts = power_counts.Counts(tare, folder)
    windows = [power_windows.Windows(tare, folder, suite) for suite in power_windows.suites(tare.build)]
    plants = power_plants.Plants(tare, folder)
    start = time.monotonic()
    for line in measure(options, counts, windows, plants):
        print(f"[{time.monotonic() - start:.0f} s] {line}", file=sys.stderr)
        if time.monotonic() - start >= options.limit_s:
            break
    text = power_page.page(*environments_of(folder), tare.gate_percent(), counts.read(),
                           power_windows.read(windows, options.jobs), plants.read())
    if options.write:
        options.write.write_text(text, encoding="utf-8")
        print(options.write)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
