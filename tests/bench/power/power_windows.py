# SPDX-License-Identifier: Apache-2.0
"""Windows of a shipped suite's timed cells, recorded by `tare ab` of the same servers on both sides, and the jobs that are drawn
from them: what the gate says of thousands, with a change planted by scaling, and how far that may be off."""
import json
import math
import pathlib
import shutil
import subprocess
import time
import tomllib

import scipy.stats

ROOT = pathlib.Path(__file__).parents[3]
PERCENTS = (2, 3, 4, 5, 6, 8, 10)
PROMISED = 5  # percent; what the shipped suites shall find
OTHER_WINDOWS = (24, 48, 72, 96)  # of each cell and side: what jobs of other lengths would find
FEWER_JOBS = 4  # of those, a quarter


class Suite:
    """A shipped suite, the servers that record it, and its timed cells."""

    def __init__(self, name, file, servers, only, block_windows):
        self.name, self.file, self.servers, self.only = name, file, servers, only
        self.block_windows = block_windows  # of each cell and side in one recording, which takes about 40 s
        self.load = tomllib.loads(file.read_text(encoding="utf-8"))["load"][0]

    @property
    def windows(self):
        """Of each cell and side in one job."""
        return self.load["repetitions"]

    @property
    def kind(self):
        """What tells windows of other lengths apart."""
        return "-".join(str(self.load[key]) for key in ("duration_ms", "warm_up_ms", "connections"))


def suites(build):
    return [Suite("gate", ROOT / "harness/bench/suites/gate.toml", build, " timed ", 20),
            Suite("times", pathlib.Path(__file__).with_name("times.toml"), build / "power/base", "^epoll/level/clean ", 96)]


class Windows:
    """A block a recording: a folder with three runs and block.json, which is written last."""

    def __init__(self, tare, folder, suite):
        self.tare, self.suite = tare, suite
        self.folder = folder / "windows" / suite.name / suite.kind

    def blocks(self):
        found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.folder.glob("*/block.json"))]
        return sorted(found, key=lambda block: block["number"])

    def recorded_s(self):
        return sum(block["seconds"] for block in self.blocks())

    def record(self):
        """One block more."""
        number = len(self.blocks())
        place = self.folder / str(number)
        shutil.rmtree(place, ignore_errors=True)  # of a call that was stopped
        start = time.monotonic()
        runs = self.tare.ab(self.suite.file, self.suite.only, place, self.suite.servers, self.suite.servers,
                            "--slices", self.suite.block_windows)
        block = {"number": number, "seconds": time.monotonic() - start,
                 "runs": [str(runs[side].relative_to(self.folder)) for side in ("base", "control", "head")]}
        (place / "block.json").write_text(json.dumps(block), encoding="utf-8")

    def jobs(self, count, windows=None):
        """What tare-power-jobs makes of them; None without two blocks to tell apart."""
        runs = [self.folder / run for block in self.blocks() for run in block["runs"]]
        if len(runs) < 6:
            return None
        return power_jobs(self.tare.build, runs, "--windows", windows or self.suite.windows, "--jobs", count,
                          *(word for percent in PERCENTS for word in ("--percent", percent)))


def measure(all_windows, seconds):
    """A block of each suite in turn, so that each spreads over the whole time, until so many seconds of each are there."""
    while missing := [each for each in all_windows if each.recorded_s() < seconds]:
        for each in missing:
            each.record()
            yield (f"windows of {each.suite.name}: {len(each.blocks())} blocks, {each.recorded_s():.0f} s of {seconds:.0f} s "
                   f"recorded")


def read(all_windows, count):
    """What was drawn from the windows of each suite that has some."""
    drawn = []
    for each in all_windows:
        jobs = each.jobs(count)
        if jobs is None:
            continue
        others = {windows: each.jobs(max(1, count // FEWER_JOBS), windows) for windows in OTHER_WINDOWS}
        drawn.append({"suite": each.suite.name, "duration_ms": each.suite.load["duration_ms"], "recorded_s": each.recorded_s(),
                      "jobs": jobs, "others": others})
    return drawn


def power_jobs(build, runs, *arguments):
    done = subprocess.run([build / "power/tare-power-jobs", *map(str, arguments), *map(str, runs)], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise SystemExit(f"tare-power-jobs: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def bounds(result):
    """(rate, low, high): of 95 %. The jackknife leaves out a block of the recording at a time; how far so many jobs may be off by
    themselves (Clopper-Pearson) comes on top."""
    rate = result["found"] / result["jobs"]
    low, high = (float(each) for each in scipy.stats.binomtest(result["found"], result["jobs"]).proportion_ci(0.95, "exact"))
    without = [found / jobs for found, jobs in result["without"] if jobs > 0]
    if len(without) < 2:
        return rate, 0.0, 1.0  # no block was left out
    mean = sum(without) / len(without)
    error = math.sqrt((len(without) - 1) / len(without) * sum((each - mean) ** 2 for each in without))
    arm = float(scipy.stats.t.ppf(0.975, len(without) - 1)) * error
    return rate, max(0.0, rate - math.hypot(arm, rate - low)), min(1.0, rate + math.hypot(arm, high - rate))


def result_of(jobs, percent, what):
    return next(each for each in jobs["results"] if each["percent"] == percent and each["what"] == what)


def cells_of(jobs):
    return sorted({each["what"] for each in jobs["results"] if each["percent"] == PROMISED})
