# SPDX-License-Identifier: Apache-2.0
"""Real changes, to check the drawn jobs by: `tare ab` of servers before and after a patch that spins. How much a turn of its loop
takes differs from hour to hour, so each job measures that too, by paired windows of a patch that spins four times as long. The
same windows are judged by Google Benchmark's compare.py (U test) and by the plain means, as those who have no tare would."""
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import power_windows

SUITE = pathlib.Path(__file__).with_name("times.toml")
COMPARE_PY = pathlib.Path("/usr/share/benchmark/compare.py")
PYTHON = "/usr/bin/python3"  # Debian's, which has scipy
TURNS = "TARE_TURNS_PER_PERCENT"
FIRST_TURNS = 150  # for a percent, before any job has measured what a turn takes
ALPHA = 0.05
PLANTED, MEASURE = "spin_5", "spin_20"
TIMES_AS_LONG = 4


class Plants:
    """A folder a job, with its runs and job.json, which is written last."""

    def __init__(self, tare, folder):
        self.tare = tare
        self.folder = folder / "plants"

    def measure(self, count):
        for number in range(count):
            place = self.folder / str(number)
            if (place / "job.json").exists():
                continue
            shutil.rmtree(place, ignore_errors=True)  # of a call that was stopped
            turns = self.turns_for(number)
            os.environ[TURNS] = str(turns)
            runs = self.tare.ab(SUITE, f"^epoll/level/({PLANTED}|{MEASURE}) ", place, self.tare.build / "power/base",
                                self.tare.build / "power/head")
            job = {"turns_per_percent": turns,
                   "runs": [str(runs[side].relative_to(self.folder)) for side in ("base", "control", "head")]}
            (place / "job.json").write_text(json.dumps(job), encoding="utf-8")
            yield f"real plants: job {number + 1} of {count}, {100 * self.planted(job)['relative']:.2f} % planted"

    def jobs(self):
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(self.folder.glob("*/job.json"))]

    def turns_for(self, number):
        """A percent of a request, by what the job before measured."""
        before = self.folder / str(number - 1) / "job.json"
        if not before.exists():
            return FIRST_TURNS
        planted = self.planted(json.loads(before.read_text(encoding="utf-8")))
        return max(1, round(planted["request_ns"] / 100 / planted["turn_ns"]))

    def planted(self, job):
        """What a job's patch really took: {request_ns, turn_ns, relative}."""
        base, _, head = (self.folder / run for run in job["runs"])
        longer = [after - before for before, after in zip(cpu_ns_of(base, MEASURE), cpu_ns_of(head, MEASURE), strict=True)]
        if len(longer) < 2:
            raise SystemExit("too few windows to time a turn of the loop by")
        request_ns = statistics.median(cpu_ns_of(base, PLANTED))
        spin_ns = statistics.median(longer)
        if spin_ns <= 0:
            raise SystemExit(f"a turn of the loop cannot be timed: {longer}")
        return {"request_ns": request_ns, "turn_ns": spin_ns / (job["turns_per_percent"] * 5 * TIMES_AS_LONG),
                "relative": spin_ns / TIMES_AS_LONG / request_ns, "measure_windows": len(longer)}

    def read(self):
        """Of each job what was planted, what tare says as it was recorded, and the windows' CPU times."""
        jobs = self.jobs()
        if not jobs:
            return []
        judged = power_windows.power_jobs(self.tare.build, [self.folder / run for job in jobs for run in job["runs"]],
                                          "--as-recorded", "--only", f"/{PLANTED} ")
        records = []
        for job, verdicts in zip(jobs, judged, strict=True):
            base, control, head = (cpu_ns_of(self.folder / run, PLANTED) for run in job["runs"])
            records.append({**self.planted(job), "patched": {**verdicts["patched"], "base": base, "head": head},
                            "alike": {**verdicts["alike"], "base": base, "head": control}})
        return records


def cpu_ns_of(run, rung):
    """Server CPU per request of each repetition of a rung's cell."""
    with open(run / "observations.csv", encoding="utf-8", newline="") as file:
        return [int(row["value"]) / int(row["divisor"]) for row in csv.DictReader(file)
                if (row["rung"], row["source"], row["metric"], row["detail"], row["status"]) == (rung, "rusage", "cpu_ns", "", "ok")]


def by_tare(pair):
    return pair["crossed"]


def by_u_test(pair):
    """compare.py's own p, of the repetitions as Google Benchmark would have written them."""
    with tempfile.TemporaryDirectory(prefix="tare-power-") as name:
        folder = pathlib.Path(name)
        for side in ("base", "head"):
            benchmarks = [{"name": "cpu", "run_name": "cpu", "run_type": "iteration", "repetitions": len(pair[side]),
                           "repetition_index": index, "threads": 1, "iterations": 1, "real_time": value, "cpu_time": value,
                           "time_unit": "ns"} for index, value in enumerate(pair[side])]
            (folder / side).write_text(json.dumps({"context": {}, "benchmarks": benchmarks}), encoding="utf-8")
        subprocess.run([PYTHON, COMPARE_PY, "--no-color", "-d", folder / "diff", "benchmarks", folder / "base", folder / "head"],
                       check=True, capture_output=True)
        compared = json.loads((folder / "diff").read_text(encoding="utf-8"))
    return any(each.get("utest", {}).get("cpu_pvalue", 1) < ALPHA for each in compared)


def by_mean(pair, percent):
    """Whether the means differ by more than the gate's percentage, upwards."""
    return statistics.mean(pair["head"]) / statistics.mean(pair["base"]) - 1 > percent / 100


def found(records, percent):
    """{judge: {"patched" or "alike": (found, of)}}"""
    judges = {"tare": by_tare, "U test": by_u_test, "plain means": lambda pair: by_mean(pair, percent)}
    return {name: {kind: (sum(judge(record[kind]) for record in records), len(records)) for kind in ("patched", "alike")}
            for name, judge in judges.items()}
