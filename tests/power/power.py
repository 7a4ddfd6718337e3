#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""How well the comparison finds what changed, and how often it cries wolf: measures both on planted patches and writes
docs/power.md. Takes long; what is measured stays in the folder, and a second call goes on from there.

Usage: power.py BUILD [--folder DIR] [--pairs N] [--jobs N] [--write FILE]
"""
import argparse
import itertools
import json
import pathlib
import re
import subprocess
import sys
import time

import power_counts
import power_page
import power_times


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

    def ab(self, suite, only, folder):
        """{base, head, control}: the runs' folders."""
        done = self.call("ab", suite, "--only", only, "--base-root", self.build / "power/base", "--head-root",
                         self.build / "power/head", "--out", folder, "--format", "json")
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
        times = [{key: row.get(key) for key in ("metric", "detail", "verdict", "outcome", "relative", "interval")}
                 for row in rows if not row["exact"] and row["outcome"] != "not gated"]
        return {"code": done.returncode, "times": times, "rungs": sorted({row["cell"]["rung"] for row in rows}), "changed": changed}

    def call(self, *arguments):
        return subprocess.run([self.build / "tare", *map(str, arguments)], capture_output=True, text=True, check=False)


    def gate_percent(self):
        """Of times, in the built-in gate."""
        return float(re.search(r"^percent = ([0-9.]+)", self.call("compare", "--print-gate").stdout, re.MULTILINE).group(1))


def environment_of(folder):
    """Revisions of tare and the machine, of the runs in the folder."""
    environments = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("counts/*/*/*/environment.json")]
    revisions = {each["tare"]["revision"][:12] + (" with changes" if each["tare"]["modified"] else "") for each in environments}
    machines = {f"{machine['cpu']}, {machine['cpu_count']} cores, {machine['kernel'].split('-')[0]}"
                for machine in (each["machine"] for each in environments)}
    return ", ".join(sorted(revisions)), "; ".join(sorted(machines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path("results/power"), help="where what was measured stays")
    parser.add_argument("--pairs", type=int, default=101, help="pairs of runs for the counts; from the second on each gives two A/A, too")
    parser.add_argument("--jobs", type=int, default=200, help="jobs of `tare ab` for the times; each gives one A/A, too")
    parser.add_argument("--write", type=pathlib.Path, help="the page; stdout without it")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    tare = Tare(options.build.resolve())
    counts = power_counts.Counts(tare, options.folder)
    times = power_times.Times(tare, options.folder)
    start = time.monotonic()
    for line in itertools.chain(counts.measure(options.pairs), times.measure(options.jobs)):
        print(f"[{time.monotonic() - start:.0f} s] {line}", file=sys.stderr)
    calibration = times.calibration() if times.read() else {}
    text = power_page.page(*environment_of(options.folder), counts.read(), times.read(), calibration, tare.gate_percent())
    if options.write:
        options.write.write_text(text, encoding="utf-8")
        print(options.write)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
