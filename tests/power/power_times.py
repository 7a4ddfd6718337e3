# SPDX-License-Identifier: Apache-2.0
"""The comparison's power on times: `tare ab` of servers before and after a patch that spins, with its control. The same windows
are judged by Google Benchmark's compare.py (U test) and by the plain means, as those who have no tare would."""
import collections
import csv
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile

SUITE = pathlib.Path(__file__).with_name("times.toml")
COMPARE_PY = pathlib.Path("/usr/share/benchmark/compare.py")
PYTHON = "/usr/bin/python3"  # Debian's, which has scipy
SPINS = (1, 2, 3, 5, 10)
TURN = (5, 1, 5, 2, 5, 3, 5, 10)
TURNS = "TARE_TURNS_PER_PERCENT"
ALPHA = 0.05
MANY_TURNS = 1000  # for each percent: with ten of them far above the noise


class Times:
    """One job a step, the spins in turn, 5 % every other time; each has a comparison of what differs and, by its control, one of what does not."""

    def __init__(self, tare, folder):
        self.tare = tare
        self.folder = folder / "times"
        self.records = folder / "times.jsonl"
        self.calibrated = folder / "turns.json"

    def measure(self, jobs):
        done = len(self.read())
        if done < jobs:
            os.environ[TURNS] = str(self.calibration()["turns_per_percent"])
        for step in range(done, jobs):
            spin = TURN[step % len(TURN)]
            runs = self.tare.ab(SUITE, f"spin_{spin} ", self.folder)
            record = {"spin": spin, "patched": self.pair(runs["base"], runs["head"], "--control", runs["control"]),
                      "alike": self.pair(runs["base"], runs["control"])}
            with open(self.records, "a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
            shutil.rmtree(self.folder)
            yield f"times: job {step + 1} of {jobs}"

    def calibration(self):
        """Turns of the loop that take a percent of a request's CPU time: the slope between no turns and many."""
        if not self.calibrated.exists():
            cpu_ns = {}
            for turns in (0, MANY_TURNS):
                os.environ[TURNS] = str(turns)
                runs = self.tare.ab(SUITE, "spin_10 ", self.folder)
                cpu_ns[turns] = statistics.median(cpu_ns_of(runs["head"]))
                shutil.rmtree(self.folder)
            per_turn_ns = (cpu_ns[MANY_TURNS] - cpu_ns[0]) / (10 * MANY_TURNS)
            if per_turn_ns <= 0:
                raise SystemExit(f"a turn of the loop cannot be timed: {cpu_ns}")
            self.calibrated.write_text(json.dumps({"request_ns": cpu_ns[0], "turn_ns": per_turn_ns,
                                                   "turns_per_percent": round(cpu_ns[0] / 100 / per_turn_ns)}), encoding="utf-8")
        return json.loads(self.calibrated.read_text(encoding="utf-8"))

    def pair(self, base, head, *arguments):
        rows = self.tare.compare(base, head, *arguments)["times"]
        return {"base": cpu_ns_of(base), "head": cpu_ns_of(head), "rows": rows}

    def read(self):
        if not self.records.exists():
            return []
        return [json.loads(line) for line in self.records.read_text(encoding="utf-8").splitlines()]


def cpu_ns_of(run):
    """Server CPU per request of each repetition."""
    with open(run / "observations.csv", encoding="utf-8", newline="") as file:
        return [int(row["value"]) / int(row["requests"]) for row in csv.DictReader(file)
                if (row["source"], row["metric"], row["detail"], row["status"]) == ("rusage", "cpu_ns", "", "ok")]


def by_tare(pair):
    """Whether the gate was crossed by the CPU time."""
    return any(row["metric"] == "cpu_ns" and row["outcome"] == "crossed" for row in pair["rows"])


def by_interval(pair):
    """Whether its interval alone lies above no change, however little."""
    return any(row["metric"] == "cpu_ns" and row["interval"] and row["interval"][0] > 0 for row in pair["rows"])


def any_verdict(pair):
    """Whether anything gated was called worse or better."""
    return any(row["outcome"] == "crossed" or row["verdict"] in ("worse", "better") for row in pair["rows"])


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


def summary(records, percent):
    """{name of the judge: {spin or "A/A": (alarms, of)}}"""
    judges = {"tare": by_tare, "interval": by_interval, "u_test": by_u_test, "mean": lambda pair: by_mean(pair, percent)}
    counts = {name: collections.defaultdict(lambda: [0, 0]) for name in (*judges, "any_verdict")}
    for record in records:
        for key, pair in ((record["spin"], record["patched"]), ("A/A", record["alike"])):
            for name, judge in judges.items():
                counts[name][key][0] += judge(pair)
                counts[name][key][1] += 1
        counts["any_verdict"]["A/A"][0] += any_verdict(record["alike"])
        counts["any_verdict"]["A/A"][1] += 1
    return {name: {key: tuple(count) for key, count in each.items()} for name, each in counts.items()}


def median_changes(records):
    """{spin: median over the jobs of the change that tare measured}"""
    changes = collections.defaultdict(list)
    for record in records:
        for row in record["patched"]["rows"]:
            if row["metric"] == "cpu_ns" and row["relative"] is not None:
                changes[record["spin"]].append(row["relative"])
    return {spin: statistics.median(changes[spin]) for spin in SPINS if changes[spin]}
