# SPDX-License-Identifier: Apache-2.0
"""Contrasts end to end: planted differences are found, what does not differ is not, what cannot run is absent, and what
was changed or is none is refused."""
import collections
import csv
import hashlib
import itertools
import json
import math
import os
import re
import signal
import statistics
import subprocess
import unittest.mock

import tare

ENDS = {"precision", "budget", "nothing to contrast"}


def contrast(name="c", subjects='"epoll/level/as_described", "epoll/ideal"', more="budget_s = 4"):
    return f"""
[[contrast]]
name = "{name}"
subjects = [{subjects}]
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 16
pipeline = 16
{more}
"""


def slices_of(folder):
    with open(folder / "contrasts.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ratios_of(slices):
    """{(subject, role): (estimate, low, high)} of server CPU against the first; said a second time here, apart from tare's own."""
    logs = collections.defaultdict(lambda: collections.defaultdict(list))
    generations = {}
    for row in slices:
        logs[row["subject"], row["role"]][row["block"]].append(math.log(int(row["server_cpu_ns"]) / int(row["requests"])))
        generations[row["block"]] = int(row["generation"])
    first, = (blocks for (_, role), blocks in logs.items() if role == "first")
    ratios = {}
    for subject, blocks in logs.items():
        effects = collections.defaultdict(list)
        for block, values in blocks.items():
            effects[generations[block]].append(statistics.mean(values) - statistics.mean(first[block]))
        means = [statistics.mean(each) for each in effects.values()]
        assert 6 <= len(means) <= 64, len(means)
        walsh = sorted((one + other) / 2 for one, other in itertools.combinations_with_replacement(means, 2))
        ways = [1]  # in how many of all choices of signs the positive ranks have this sum
        for rank in range(1, len(means) + 1):
            ways = [(ways[total] if total < len(ways) else 0) + (ways[total - rank] if total >= rank else 0)
                    for total in range(len(ways) + rank)]
        cut = sum(below / 2 ** len(means) <= 0.025 for below in itertools.accumulate(ways)) - 1
        ratios[subject] = tuple(math.exp(value) for value in (statistics.median(walsh), walsh[cut], walsh[-1 - cut]))
    return ratios


def sum_anew(folder):
    """COMPLETE as it would be, had the files been written so."""
    lines = (folder / "COMPLETE").read_text(encoding="utf-8").splitlines()
    names = [line.split("  ", 1)[1] for line in lines]
    sums = [hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names]
    (folder / "COMPLETE").write_text("".join(f"{digits}  {name}\n" for digits, name in zip(sums, names)), encoding="utf-8")


class Contrast(tare.Case):
    def suite(self, text, name="mine.toml"):
        return super().suite('description = "contrasts"\n' + text, name)

    def test_planted_differences_are_found_in_their_proportion(self):
        """Servers that spin at each request, one four times as long as the other: whatever a turn takes, so does what it adds."""
        # One connection: of several, a slower server finds more requests at each wake-up, and all else costs less a request.
        suite = self.suite(contrast(subjects='"epoll/level/clean", "epoll/level/spin_5", "epoll/level/spin_20"', more="budget_s = 60")
                           .replace("pipeline = 16", "pipeline = 1").replace("connections = 16", "connections = 1"))
        with unittest.mock.patch.dict(os.environ, {"TARE_TURNS_PER_PERCENT": "6000"}):
            folder = self.run_suite(suite, "--servers", str(tare.BUILD / "power" / "head"))
        ratios = ratios_of(slices_of(folder))
        short, long = (ratios["epoll/level/spin_5", "other"], ratios["epoll/level/spin_20", "other"])
        self.assertGreater(short[1], 1)
        self.assertGreater(long[1], short[2])
        proportion = (long[0] - 1) / (short[0] - 1)
        self.assertGreater(proportion, 3)
        self.assertLess(proportion, 5)
        # What nothing was planted in does not come out as different as the smaller plant.
        self.assertLess(abs(ratios["epoll/level/clean", "control"][0] - 1), (short[0] - 1) / 2)

    def test_what_it_prints_is_what_its_slices_say(self):
        done = tare.run("contrast", "epoll/level/as_described", "epoll/ideal", "--connections", "16", "--pipeline", "16",
                        "--budget", "40s", "--precision", "4%", "--format", "json", "--out", str(self.folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"contrast .*: \d+ blocks, widest interval [\d.]+ %, \d+ s of 40 s; ended by: (precision|budget)")
        found = json.loads(done.stdout)
        first, other, control = found["subjects"]
        self.assertEqual([first["role"], other["role"], control["role"]], ["first", "other", "control"])
        self.assertEqual(first["name"], control["name"])
        self.assertNotIn("ratio", first["server_cpu_ns"])
        ratios = ratios_of(slices_of(self.folder / "latest"))
        for subject in (other, control):
            said = subject["server_cpu_ns"]["ratio"]
            for number, expected in zip((said["value"], said["low"], said["high"]), ratios[subject["name"], subject["role"]]):
                self.assertAlmostEqual(number, expected, places=9)
        self.assertIn(found["ended_by"], ENDS)
        for metric in ("client_cpu_ns", "requests_per_s", "latency_p50_ns"):
            self.assertGreater(other[metric]["median"], 0)
            self.assertIn("value", other[metric]["ratio"])
        self.check_slices(self.folder / "latest", found)

    def check_slices(self, folder, found):
        slices = slices_of(folder)
        self.assertEqual(len(slices), found["slices"])
        blocks = collections.defaultdict(list)
        for row in slices:
            self.assertEqual(row["status"], "ok")
            blocks[int(row["block"])].append(row)
        self.assertEqual(sorted(blocks), list(range(found["blocks"])))
        orders = set()
        for rows in blocks.values():
            by_place = sorted(rows, key=lambda row: int(row["order"]))
            self.assertEqual([int(row["order"]) for row in by_place], list(range(6)))
            arms = [(row["subject"], row["role"]) for row in by_place]
            self.assertEqual(arms, arms[::-1])
            self.assertEqual(len(set(arms)), 3)
            orders.add(tuple(arms))
        self.assertGreater(len(orders), 1)
        self.assertEqual(len({row["generation"] for row in slices}), found["processes"])
        record, = json.loads((folder / "environment.json").read_text(encoding="utf-8"))["contrasts"]
        self.assertEqual(record["subjects"], ["epoll/level/as_described", "epoll/level/gathered_reply"])
        self.assertEqual((record["precision"], record["budget_s"], record["pipeline"]), (0.04, 40, 16))
        self.assertIsInstance(record["order_seed"], int)
        self.assertIn("contrasts.csv", (folder / "COMPLETE").read_text(encoding="utf-8"))

    def test_of_one_subject_twice_neither_is_told_from_the_other_by_much(self):
        """A/A: at a width of at most 10 % the control lies within 15 % of its first, and so does every ratio of one program."""
        folder = self.run_suite(self.suite(contrast(more="budget_s = 60\nprecision = 0.1")))
        done = tare.run("report", str(folder))
        self.assertEqual(done.returncode, 0, done.stderr)
        record, = json.loads((folder / "environment.json").read_text(encoding="utf-8"))["contrasts"]
        self.assertEqual(record["ended_by"], "precision")
        self.assertLess(record["duration_s"], 60)
        figures = collections.defaultdict(list)
        for row in slices_of(folder):
            figures[row["role"]].append(int(row["server_cpu_ns"]) / int(row["requests"]))
        middle = {role: sorted(values)[len(values) // 2] for role, values in figures.items()}
        self.assertAlmostEqual(middle["control"] / middle["first"], 1, delta=0.15)

    def test_what_cannot_run_is_absent_and_the_others_go_on(self):
        suite = self.suite("""
[server.nowhere]
argv = ["a-server-that-nobody-has", "{port}"]
""" + contrast(subjects='"epoll/level/as_described", "nowhere", "uring/oneshot/as_described", "epoll/ideal"'))
        folder = self.run_suite(suite, prefix=(tare.BUILD / "tare-deny-io-uring",))
        slices = slices_of(folder)
        for name in ("nowhere", "uring/oneshot/as_described"):
            row, = [row for row in slices if row["subject"] == name]
            self.assertRegex(row["status"], "^absent:.+")
            self.assertEqual([row[column] for column in ("requests", "server_cpu_ns", "client_cpu_ns", "window_ns")], [""] * 4)
        for role in ("first", "other", "control"):
            self.assertGreater(len([row for row in slices if row["role"] == role and row["status"] == "ok"]), 4)
        self.assertEqual(tare.run("report", str(folder)).returncode, 0)

    def test_without_its_first_there_is_nothing_to_contrast(self):
        suite = self.suite('[server.nowhere]\nargv = ["a-server-that-nobody-has", "{port}"]\n' +
                           contrast(subjects='"nowhere", "epoll/ideal"'))
        self.run_suite(suite, code=4)
        folder = self.run_suite(self.suite('[server.nowhere]\nargv = ["a-server-that-nobody-has", "{port}"]\n' +
                                           contrast("none", '"nowhere", "epoll/ideal"') + contrast("some", more="budget_s = 1")))
        ends = {record["name"]: record["ended_by"]
                for record in json.loads((folder / "environment.json").read_text(encoding="utf-8"))["contrasts"]}
        self.assertEqual(ends, {"none": "nothing to contrast", "some": "budget"})

    def test_one_that_polls_while_others_are_asked_is_absent(self):
        tare.required("wiring uring/sqpoll" not in tare.absences(), "io_uring with a polling thread")
        folder = self.run_suite(self.suite(contrast(
            subjects='"epoll/level/as_described", "uring/sqpoll/gathered_reply", "epoll/ideal"', more="budget_s = 1")))
        row, = [row for row in slices_of(folder) if row["subject"] == "uring/sqpoll/gathered_reply"]
        self.assertIn("polls", row["status"])

    def test_only_takes_a_contrast_by_its_name(self):
        suite = self.suite(contrast("one", more="budget_s = 1") + contrast("two", more="budget_s = 1"))
        folder = self.run_suite(suite, "--only", "^contrast two$")
        self.assertEqual({row["contrast"] for row in slices_of(folder)}, {"two"})
        self.run_suite(suite, "--only", "^contrast three$", code=2)

    def test_a_changed_or_malformed_file_is_refused(self):
        folder = self.run_suite(self.suite(contrast(more="budget_s = 1")))
        path = folder / "contrasts.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
        done = tare.run("report", str(folder))
        self.assertEqual(done.returncode, 3)
        self.assertIn("contrasts.csv: differs from its sum", done.stderr)
        path.write_text(re.sub(",ok\n", ",fine\n", text, count=1), encoding="utf-8")
        sum_anew(folder)
        done = tare.run("report", str(folder))
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r"contrasts\.csv:2: status is 'fine'")

    def test_what_a_suite_may_not_say_is_refused_with_its_line(self):
        done = tare.run("run", str(self.suite(contrast(more="duration_ms = 9"))), "--out", str(self.folder))
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"mine\.toml:11: unknown key 'duration_ms'; allowed: name, subjects")
        done = tare.run("contrast", "epoll/ideal", "--out", str(self.folder))
        self.assertEqual(done.returncode, 2)
        self.assertIn("subjects are 1; allowed: 2 to 8", done.stderr)
        done = tare.run("contrast", "epoll/ideal", "nobody", "--out", str(self.folder))
        self.assertEqual(done.returncode, 2)
        self.assertIn("'nobody', which is none of", done.stderr)
        for option, value in (("--budget", "9x"), ("--budget", "1500ms"), ("--precision", "x"), ("--precision", "0")):
            done = tare.run("contrast", "epoll/ideal", "uring/ideal", option, value, "--out", str(self.folder))
            self.assertEqual(done.returncode, 2, (option, value))

    def test_two_sides_are_not_compared_by_contrasts(self):
        done = tare.run("ab", str(self.suite(contrast())), "--base-root", str(tare.BUILD), "--head-root", str(tare.BUILD), "--out",
                        str(self.folder))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("has contrasts alone", done.stderr)

    def test_an_interrupted_contrast_keeps_its_slices(self):
        process = subprocess.Popen([tare.PROGRAM, "run", self.suite(contrast(more="budget_s = 60\nprecision = 0.0001")), "--out",
                                    self.folder / "results"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        said = []
        for line in process.stderr:
            said.append(line)
            if re.search(r"contrast c: \d+ blocks", line):
                process.send_signal(signal.SIGINT)
                break
        _, rest = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 5, "".join(said) + rest)
        folder, = (self.folder / "results").glob("mine-partial-*")
        self.assertGreater(len(slices_of(folder)), 6)
        self.assertFalse((folder / "COMPLETE").exists())


if __name__ == "__main__":
    tare.main()
