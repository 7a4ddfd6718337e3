# SPDX-License-Identifier: Apache-2.0
"""docs/power.md from what was measured: rates with their 95 % intervals (Clopper-Pearson), and nothing that was not."""
import scipy.stats

import power_counts
import power_times

HEAD = """<!-- Written by `make power`; change tests/power/power_page.py instead. -->
# How well the comparison finds what changed

Each rate is `found of tried`, with its 95 % interval (Clopper-Pearson). Measured by `make power` on {machine},
with tare {revision}. Servers before and after a patch are the same program but for the patch (`tests/power/patches.h`), of which
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

`tare ab` of one load cell (`tests/power/times.toml`): GET of 64 bytes, 64 connections, {repetitions} windows of 60 ms of each of
base, control and head, in turn. A patch spins for a percentage of a request's CPU time, which is {request_ns:.0f} ns here; a turn of its
loop takes {turn_ns:.2f} ns. The same windows are judged by `compare.py` of Google Benchmark (two-sided U test at 0.05) and by the
plain means of base and head (alarm when the head's is more than {percent:g} % above, as the gate has it).

| CPU planted | tare, gate {percent:g} % | tare, no least effect | compare.py, U test | plain means |
|---|---|---|---|---|
{rows}

What tare measured, as the median over the jobs, is less than what was planted, and why is not measured here:
{medians}.

*No least effect* is the interval alone: it leaves out 0 and lies above it. The line without a patch is the control against the base: what
is found there is a false alarm. Of those {alike} comparisons {any_verdict} called anything worse or better.
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


def times_text(records, calibration, percent):
    counts = power_times.summary(records, percent)
    rows = []
    for key in ("A/A", *(spin for spin in power_times.SPINS if spin in counts["tare"])):
        what = "none (A/A)" if key == "A/A" else f"{key} %"
        rows.append(f"| {what} | " + " | ".join(rate(*counts[judge][key]) for judge in ("tare", "interval", "u_test", "mean")) + " |")
    medians = ", ".join(f"{spin} % planted, {100 * change:+.1f} % measured" for spin, change in power_times.median_changes(records).items())
    found, tried = counts["any_verdict"]["A/A"]
    return TIMES.format(rows="\n".join(rows), percent=percent, repetitions=len(records[0]["patched"]["base"]), alike=tried,
                        any_verdict=found, medians=medians, **calibration)


def page(revision, machine, counts, times, calibration, percent):
    text = HEAD.format(revision=revision, machine=machine)
    if counts:
        text += counts_text(counts)
    if times:
        text += times_text(times, calibration, percent)
    return text
