# SPDX-License-Identifier: Apache-2.0
"""Prints server CPU per GET as ratios within one run, each against its bar.

Usage: load_ratios.py BUILD [RUN]     runs tests/bench/ratios.toml with BUILD/tare, with the client on io_uring and on epoll,
                                      or reads the folder of such a run
Exit 0 when every bar is met, 1 when one is not, as tare's own codes otherwise. A ratio is the median over the repetitions,
which are neighbours in time; the range follows it.
"""
import collections
import csv
import pathlib
import statistics
import subprocess
import sys
import tempfile

SUITE = pathlib.Path(__file__).with_name("ratios.toml")
EPOLL_IDEAL = ("epoll", "level", "gathered_reply")
URING_IDEAL = ("uring", "skip_send_cqe", "gathered_reply")
NULL_URING = ("null", "uring_skip_send_cqe", "fixed_reply")
MEMCACHED = ("memcached", "", "")
# By what the client sends and receives: two servers, the depth, and the most that the first may take of the second.
BARS = {"io_uring": [(URING_IDEAL, MEMCACHED, 1, 0.74), (EPOLL_IDEAL, MEMCACHED, 1, 0.90), (URING_IDEAL, MEMCACHED, 16, 0.08),
                     (URING_IDEAL, NULL_URING, 1, 1.10), (URING_IDEAL, NULL_URING, 16, 1.10)],
        "epoll": [(URING_IDEAL, MEMCACHED, 1, 0.80), (EPOLL_IDEAL, MEMCACHED, 1, 0.95), (URING_IDEAL, MEMCACHED, 16, 0.15),
                  (URING_IDEAL, NULL_URING, 1, 1.10), (URING_IDEAL, NULL_URING, 16, 1.10)]}


def cpu_ns_per_request(folder):
    """{(variant, pipeline): {repetition: ns}}, how often each was marked, and by what the client sent."""
    client_ios = set()
    cpu = collections.defaultdict(dict)
    marks = collections.Counter()
    with open(pathlib.Path(folder) / "observations.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = ((row["server"], row["wiring"], row["rung"]), int(row["pipeline"]))
            if row["metric"] == "client_io":
                client_ios.add(row["detail"])
            if row["metric"] not in ("cpu_ns", "marks"):
                continue
            if row["status"] != "ok":
                sys.exit(f"{key}: {row['metric']} is {row['status']}")
            if row["metric"] == "cpu_ns":
                cpu[key][int(row["repetition"])] = int(row["value"]) / int(row["divisor"])
            if row["metric"] == "marks" and row["detail"]:
                marks[key, row["detail"]] += 1
    if len(client_ios) != 1:
        sys.exit(f"{folder}: one client I/O is needed, found {sorted(client_ios)}")
    return cpu, marks, client_ios.pop()


def name(variant):
    return "/".join(part for part in variant if part)


def report(folder):
    cpu, marks, client_io = cpu_ns_per_request(folder)
    print(f"by {client_io}:")
    for (variant, pipeline), by_repetition in sorted(cpu.items()):
        values = sorted(by_repetition.values())
        told = ", ".join(f"{mark} in {count}" for ((key, mark), count) in sorted(marks.items()) if key == (variant, pipeline))
        print(f"{name(variant):40} depth {pipeline:2}: {statistics.median(values):7.0f} ns CPU a GET "
              f"({values[0]:.0f} to {values[-1]:.0f}, {len(values)} repetitions{'; ' + told if told else ''})")
    missed = False
    for one, other, pipeline, bar in BARS[client_io]:
        left, right = cpu[one, pipeline], cpu[other, pipeline]
        ratios = sorted(left[repetition] / right[repetition] for repetition in left)
        median = statistics.median(ratios)
        missed |= median > bar
        print(f"{name(one)} / {name(other)}, depth {pipeline}: {median:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}), "
              f"bar {bar:.2f}: {'met' if median <= bar else 'missed'}")
    return missed


def main(arguments):
    if len(arguments) not in (1, 2):
        sys.exit(__doc__)
    if len(arguments) == 2:
        return report(arguments[1])
    missed = False
    with tempfile.TemporaryDirectory(prefix="tare-bench-") as folder:
        for client_io in BARS:
            suite = pathlib.Path(folder) / f"ratios-{client_io}.toml"
            # The suite's last table is its only [[load]].
            suite.write_text(SUITE.read_text(encoding="utf-8") + f'client_io = "{client_io}"\n', encoding="utf-8")
            done = subprocess.run([pathlib.Path(arguments[0]) / "tare", "run", suite, "--out", folder], stdout=subprocess.PIPE,
                                  text=True, check=False)
            if done.returncode != 0:
                return done.returncode
            missed |= report(done.stdout.splitlines()[-1])
    return missed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
