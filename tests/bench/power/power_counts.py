# SPDX-License-Identifier: Apache-2.0
"""The comparison's power on counts: runs of the same servers before and after a patch, and what `tare compare` says of each
pair. A patch adds one event at one request in N; a run held against its like must cross no gate."""
import collections
import itertools
import pathlib
import re

PLANTED = re.compile(r"(allocation|copy|call)_in_(\d+)")
# What one event more is: the metrics that it adds to, with their amounts, and the parts of the first that name it.
EVENTS = {"allocation": ({"allocations": 1, "allocated_bytes": 24}, "malloc"),
          "copy": ({"copies": 1, "copied_bytes": 64}, "memcpy_memmove"),
          "call": ({"syscalls": 1}, "getppid")}
# What the built-in gate does not judge: what else the machine runs decides it.
UNGATED = {"context_switches", "futex_waits", "page_faults"}
SIDES = ("base", "head")
SUITE = pathlib.Path(__file__).with_name("counts.toml")


class Counts:
    """A pair of runs a step, base and head; each is also held against its like of the step before."""

    def __init__(self, tare, folder):
        self.tare = tare
        self.folder = folder / "counts"

    def measure(self, pairs):
        for step in range(pairs):
            missing = [side for side in SIDES if not self.run_of(step, side)]
            for side in missing:
                self.tare.run(SUITE, side, self.folder / str(step) / side)
            if missing:
                yield f"counts: pair {step + 1} of {pairs}"

    def run_of(self, step, side):
        complete = list((self.folder / str(step) / side).glob("counts-*/COMPLETE"))
        return complete[0].parent if complete else None

    def read(self):
        """What the comparison says of every pair that was measured."""
        records = []
        before = None
        for step in itertools.count():
            now = {side: self.run_of(step, side) for side in SIDES}
            if not all(now.values()):
                return records
            alike = {side: self.tare.compare(before[side], now[side]) for side in SIDES} if before else {}
            records.append({"patched": self.tare.compare(now["base"], now["head"]), "alike": alike})
            before = now


def judged(rows, rung):
    return [row for row in rows if row["rung"] == rung and row["metric"] not in UNGATED]


def found(rows, rung):
    """Whether the comparison found just what the rung's patch does: the amount, the part, and nothing else."""
    kind, every = PLANTED.fullmatch(rung).groups()
    amounts, part = EVENTS[kind]
    worse = {(row["source"], row["metric"], row["detail"]): row["difference"] for row in judged(rows, rung)}
    first = next(iter(amounts))
    wanted = {("bpf", metric, ""): amount / int(every) for metric, amount in amounts.items()}
    wanted.update({("bpf", metric, part): amount / int(every) for metric, amount in amounts.items()})
    return (set(worse) == set(wanted) and all(abs(worse[key] - amount) < 1e-9 for key, amount in wanted.items())
            and ("bpf", first, part) in worse)


def summary(records):
    """{rung: (found, of)}, (false alarms, comparisons of like with like), and what alarmed."""
    detected = collections.defaultdict(lambda: [0, 0])
    alarms, alike, what = 0, 0, []
    for record in records:
        rungs = record["patched"]["rungs"]
        for rung in rungs:
            if PLANTED.fullmatch(rung):
                detected[rung][0] += found(record["patched"]["changed"], rung)
                detected[rung][1] += 1
        stray = judged(record["patched"]["changed"], "clean")
        for side in record["alike"].values():
            alike += 1
            alarms += side["code"] != 0
            what += side["changed"]
        what += stray
    return {rung: tuple(counts) for rung, counts in detected.items()}, (alarms, alike), what
