# SPDX-License-Identifier: Apache-2.0
"""docs/power.md from what was measured: rates with their 95 % intervals (Clopper-Pearson), and nothing that was not."""
import collections
import statistics

import numpy
import scipy.stats

import power_counts
import power_plants
import power_windows

MOST_ALARMS = 0.05
LEAST_POWER = 0.90

HEAD = """<!-- Written by `make power`; change tests/bench/power/power_page.py instead. -->
# How well the comparison finds what changed

Each rate is `found of tried`, with its 95 % interval (Clopper-Pearson). Measured by `make power` on {machine},
with tare {revision}. Servers before and after a patch are the same program but for the patch (`tests/bench/power/patches.h`), of which
neither the ledger nor the prediction is told.
"""
COUNTS = """
## Counts

A patch does one thing more at one read of input in so many. *Found* means: `tare compare` with the built-in gate
reports, for that cell, the total and the part that names the cause ({parts}) with exactly the planted amount, and no other change of
a total or part. Context switches, which the gate does not judge, are left aside: preemptions were others' doing in {switches} of {of}
cells.

| planted, at one request in | 1 | 100 | 1000 |
|---|---|---|---|
{rows}

Runs held against their like (the same servers measured again, {cells} cells each): a gate was crossed in {alike}. Stray changes in the cell without a patch: {stray}. Windows have 200 requests, and 1000 where one in 1000 is planted.
"""
TIMES = """
## Times

For each suite below, `make power` records windows of its timed cells by `tare ab` of the same servers on both sides, and draws jobs
from them: whole slices (ABCCBA: base, control and head there and back), as many as a job of that suite has. A change is planted by
multiplying the head's times in one cell. Each job is judged by the gate that ships, with its control ({percent:g} %, one error in
twenty of all gated times together). A rate's bounds are of 95 %: by a jackknife over the blocks of the recording, with what so many
drawn jobs may be off on top. What the machine never did while it was recorded is in none of them. A change is found when its
whole interval lies above the gate's {percent:g} %: of a change of {promised} % only the rest is left for the interval to reach into, so
what is needed are narrow intervals, by more windows or by quieter ones.
"""
SUITE = """
### Suite `{suite}`

{cells} cell{s}, {windows} windows of {duration_ms} ms of each cell and side in a job; {slices} slices recorded in {blocks} blocks, {recorded_s:.0f} s in
all; {jobs} jobs drawn.

{verdict}

| A/A: nothing planted | jobs | bounds |
|---|---|---|
{alike}

| planted in | {percents} |
|---|{rules}
{planted}

What becomes of {promised} % that is not found: {missed}. With other numbers of windows in a job, {promised} % in the cell where it is
found least: {others}.
"""
PLANTS = """
## Real changes

{count} jobs of `tare ab` with the suite `times`, of servers before and after a patch that spins (`tests/bench/power/patches.h`). How much a
turn of its loop takes differs from job to job ({turn_least:.2f} to {turn_most:.2f} ns here), so each job measures it, by {measure_windows} paired windows
of a patch that spins {times_as_long} times as long: what was planted was {least:.1f} to {most:.1f} % (median {median:.1f} %). What tare measured of it was
{measured:+.1f} % in the median.{expected} Each job's control against its base is a comparison of what does not differ. `compare.py` of Google Benchmark
(two-sided U test at 0.05) and the plain means (alarm when the head's is more than {percent:g} % above) judge the same windows.

| judge | real change found | alarms, A/A |
|---|---|---|
{rows}
"""


def rate(found, tried):
    low, high = (float(each) for each in scipy.stats.binomtest(found, tried).proportion_ci(0.95, "exact"))
    return f"{found} of {tried} ({100 * low:.1f} to {100 * high:.1f} %)"


def counts_text(records):
    detected, (alarms, alike), _ = power_counts.summary(records)
    names = {"allocation": "allocation of 24 bytes", "copy": "copy of 64 bytes", "call": "system call"}
    rows = [f"| {names[kind]} | " + " | ".join(rate(*detected[f"{kind}_in_{every}"]) for every in (1, 100, 1000)) + " |"
            for kind in power_counts.EVENTS]
    stray = sum(len(power_counts.judged(record["patched"]["changed"], "clean")) for record in records)
    switched = {(index, row["rung"]) for index, record in enumerate(records) for row in record["patched"]["changed"]
                if row["metric"] in power_counts.UNGATED}
    parts = ", ".join(f"`{part}`" for _, part in power_counts.EVENTS.values())
    return COUNTS.format(rows="\n".join(rows), parts=parts, cells=len(records[0]["patched"]["rungs"]), alike=rate(alarms, alike),
                         stray=stray, switches=len(switched), of=len(records) * len(records[0]["patched"]["rungs"]))


def bounded(result):
    share, low, high = power_windows.bounds(result)
    return f"{100 * share:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def short(name):
    """A cell's variant, which is all that tells the cells of a suite apart."""
    return f"`{name.split(' ')[0]}`"


def least_found(jobs):
    """Of the cells, the one in which the promised change is found least often."""
    return min((power_windows.result_of(jobs, power_windows.PROMISED, cell) for cell in power_windows.cells_of(jobs)),
               key=lambda result: result["found"] / result["jobs"])


def verdict_text(jobs):
    """Whether what is promised is reached: by the bounds, not by the rates."""
    _, _, alarms = power_windows.bounds(power_windows.result_of(jobs, 0, "crossed"))
    _, power, _ = power_windows.bounds(least_found(jobs))
    reached = "is reached" if alarms < MOST_ALARMS and power > LEAST_POWER else "is **not reached**"
    return (f"At most {100 * MOST_ALARMS:.0f} % alarms of A/A and at least {100 * LEAST_POWER:.0f} % of changes of "
            f"{power_windows.PROMISED} % found in every cell, each by its bound: that {reached} (alarms at most {100 * alarms:.1f} %, "
            f"found at least {100 * power:.1f} %).")


def missed_text(jobs):
    verdicts = collections.Counter()
    for cell in power_windows.cells_of(jobs):
        verdicts.update(power_windows.result_of(jobs, power_windows.PROMISED, cell)["verdicts"])
    of = sum(verdicts.values())
    missed = [f"`{verdict}` {100 * count / of:.1f} %" for verdict, count in verdicts.most_common() if verdict != "worse"]
    return ", ".join(missed) or "nothing"


def suite_text(drawn):
    jobs = drawn["jobs"]
    cells = power_windows.cells_of(jobs)
    alike = [power_windows.result_of(jobs, 0, what) for what in ("crossed", "better or worse", "control alarmed")]
    names = ("the gate is crossed", "anything is called better or worse, gated or not", "the control alarms")
    planted = [f"| {short(cell)} | " + " | ".join(bounded(power_windows.result_of(jobs, percent, cell))
                                                    for percent in power_windows.PERCENTS) + " |" for cell in cells]
    others = [f"{windows} windows {bounded(least_found(other))}" for windows, other in drawn["others"].items()]
    return SUITE.format(suite=drawn["suite"], cells=len(cells), s="" if len(cells) == 1 else "s", windows=jobs["windows"],
                        duration_ms=drawn["duration_ms"], slices=jobs["slices"], blocks=jobs["blocks"], recorded_s=drawn["recorded_s"],
                        jobs=alike[0]["jobs"], verdict=verdict_text(jobs), percents=" | ".join(f"{each} %" for each in power_windows.PERCENTS),
                        rules="---|" * len(power_windows.PERCENTS), planted="\n".join(planted), promised=power_windows.PROMISED,
                        missed=missed_text(jobs), others="; ".join(others),
                        alike="\n".join(f"| {name} | {each['found']} of {each['jobs']} | {bounded(each) if each['without'] else '-'} |"
                                        for name, each in zip(names, alike, strict=True)))


def expected_text(drawn, sizes):
    """How many changes of these sizes the jobs that are drawn from the suite `times` find, on the line between the sizes that
    were planted in them; nothing without such jobs."""
    jobs = next((each["jobs"] for each in drawn if each["suite"] == "times"), None)
    if jobs is None:
        return ""
    rates = [power_windows.result_of(jobs, percent, cell)["found"] / power_windows.result_of(jobs, percent, cell)["jobs"]
             for cell in power_windows.cells_of(jobs) for percent in power_windows.PERCENTS]
    expected = float(sum(numpy.interp([100 * size for size in sizes], power_windows.PERCENTS, rates)))
    return (f" The jobs that are drawn find such changes in {expected:.1f} of {len(sizes)}, by the table above at each job's size; the "
            "table below says in how many the real ones were found.")


def plants_text(records, drawn, percent):
    sizes = [record["relative"] for record in records]
    turns = [record["turn_ns"] for record in records]
    measured = [time["relative"] for record in records for time in record["patched"]["times"] if "relative" in time]
    rows = [f"| {judge} | {rate(*each['patched'])} | {rate(*each['alike'])} |"
            for judge, each in power_plants.found(records, percent).items()]
    return PLANTS.format(count=len(records), turn_least=min(turns), turn_most=max(turns), least=100 * min(sizes), most=100 * max(sizes),
                         median=100 * statistics.median(sizes), measured=100 * statistics.median(measured), percent=percent,
                         expected=expected_text(drawn, sizes), measure_windows=records[0]["measure_windows"], times_as_long=power_plants.TIMES_AS_LONG, rows="\n".join(rows))


def page(revision, machine, percent, counts, drawn, plants):
    text = HEAD.format(revision=revision, machine=machine)
    if counts:
        text += counts_text(counts)
    if drawn:
        text += TIMES.format(percent=percent, promised=power_windows.PROMISED) + "".join(suite_text(each) for each in drawn)
    if plants:
        text += plants_text(plants, drawn, percent)
    return text
