#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The page of `make power`: what is promised is called reached only by the bounds, and the bounds are a jackknife's."""
import unittest

try:
    import power_page
    import power_windows
except ImportError as missing:
    print(f"skipped: {missing} (Debian packages python3-numpy, python3-scipy)")
    raise SystemExit(77) from missing

CELL = "epoll/level/as_described timed get_hit 16 64 64 connections load"


def result(percent, what, found, jobs, without, verdicts=None):
    return {"percent": percent, "what": what, "found": found, "jobs": jobs, "without": without, "verdicts": verdicts or {}}


def drawn(alarms, found, without=None):
    """A suite with one cell, of which so many of 1000 jobs alarm, and find what was planted."""
    results = [result(0, what, alarms, 1000, [[alarms, 1000]] * 10) for what in ("crossed", "better or worse", "control alarmed")]
    results += [result(percent, CELL, found, 1000, without or [[found, 1000]] * 10, {"worse": found, "unresolved": 1000 - found})
                for percent in power_windows.PERCENTS]
    jobs = {"slices": 100, "blocks": 10, "windows": 24, "results": results}
    return {"suite": "times", "duration_ms": 60, "recorded_s": 400.0, "jobs": jobs, "others": {12: jobs}}


def plant(relative, crossed):
    pair = {"crossed": crossed, "moved": crossed, "times": [{"cell": CELL, "verdict": "worse", "relative": relative}],
            "base": [100.0, 101.0, 99.0, 100.0] * 3, "head": [100.0 * (1 + relative), 101.0, 99.0, 100.0] * 3}
    return {"relative": relative, "turn_ns": 0.3, "request_ns": 6000.0, "measure_windows": 12, "patched": pair,
            "alike": {**pair, "crossed": False, "head": pair["base"]}}


class Bounds(unittest.TestCase):
    def test_blocks_that_agree_leave_what_the_number_of_jobs_leaves(self):
        rate, low, high = power_windows.bounds(result(5, CELL, 950, 1000, [[95, 100]] * 10))
        self.assertEqual(rate, 0.95)
        self.assertTrue(0.93 < low < 0.94 and 0.96 < high < 0.97, (low, high))

    def test_blocks_that_differ_widen_them_by_the_jackknife(self):
        # Each left out alone: 0.94 or 0.96; the jackknife's standard error is sqrt(9 / 10 * 10 * 0.01^2) = 0.03.
        without = [[94, 100], [96, 100]] * 5
        rate, low, _ = power_windows.bounds(result(5, CELL, 95000, 100000, without))
        self.assertAlmostEqual(rate - low, 2.262 * 0.03, places=3)

    def test_without_blocks_to_leave_out_everything_is_open(self):
        self.assertEqual(power_windows.bounds(result(5, CELL, 1000, 1000, [[0, 0]] * 10))[1:], (0.0, 1.0))


class Page(unittest.TestCase):
    def page(self, *suites, plants=()):
        return power_page.page("abc", "a machine", 3.0, [], list(suites), list(plants))

    def test_what_is_promised_is_reached_by_the_bounds(self):
        self.assertIn("that is reached (alarms at most 0.4 %", self.page(drawn(0, 990)))

    def test_it_is_not_reached_by_a_rate_alone(self):
        self.assertIn("that is **not reached**", self.page(drawn(0, 905)))
        self.assertIn("that is **not reached**", self.page(drawn(45, 1000)))
        self.assertIn("that is **not reached**", self.page(drawn(0, 990, [[990, 1000], [900, 1000]] * 5)))

    def test_what_is_not_found_says_what_becomes_of_it(self):
        self.assertIn("that is not found: `unresolved` 1.0 %", self.page(drawn(0, 990)))

    def test_real_changes_stand_beside_what_the_drawn_jobs_expect_of_them(self):
        text = self.page(drawn(0, 990), plants=[plant(0.05, True), plant(0.06, False)])
        self.assertIn("what was planted was 5.0 to 6.0 %", text)
        self.assertIn("find such changes in 2.0 of 2", text)
        self.assertIn("| tare | 1 of 2 (1.3 to 98.7 %) | 0 of 2", text)

    def test_without_windows_nothing_is_expected(self):
        self.assertNotIn("find such changes", self.page(plants=[plant(0.05, True)]))


if __name__ == "__main__":
    unittest.main()
