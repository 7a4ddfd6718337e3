# SPDX-License-Identifier: Apache-2.0
"""`tare stat` finds the calls of programs in C, Rust and Go at their own lines, whoever compiled and linked them; what their
standard libraries do is done by whoever called these."""
import collections
import pathlib
import re
import unittest

import counting
import tare

SOURCES = pathlib.Path(__file__).parent.parent / "fixtures/languages"


def lines_of(*names):
    """{mark: "main.c:12"}"""
    return {mark[1]: f"{name}:{number}" for name in names
            for number, line in enumerate((SOURCES / name).read_text().splitlines(), 1)
            if (mark := re.search(r"[/*]{2} site: (\w+)", line))}


class Languages(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def sites(self, program, metric):
        document = counting.stat([counting.FIXTURES / program], "--call-sites")
        sites = document["command"]["repetitions"][0]["call_sites"]
        status, = [total["status"] for total in sites["totals"] if total["metric"] == metric]
        self.assertEqual(status, "ok", f"{program}: {metric}")
        return [site for site in sites["sites"] if site["metric"] == metric]

    def assert_sites(self, program, metric, expected):
        """`expected`: {(function, line): count}"""
        counts = collections.Counter()
        for site in self.sites(program, metric):
            place = site["site"]
            line = f"{place.get('file', '').rpartition('/')[2]}:{place.get('line')}"
            counts[(site["name"].rpartition(" (")[0], line)] += site["count"]
        self.assertEqual({key: counts[key] for key in expected}, expected, f"{program}: {counts}")

    def test_c_of_two_units(self):
        at = lines_of("main.c", "other.c")
        for program in ("sites_gcc_debug", "sites_gcc_lto", "sites_clang_debug", "sites_clang_lto", "sites_split", "sites_discarded"):
            with self.subTest(program=program):
                self.assert_sites(program, "allocation_sites", {
                    ("same_name", at["same_name"]): 101, ("allocates_in_other_unit", at["other_unit"]): 103,
                    ("same_name", at["same_name_of_other_unit"]): 107})
                self.assert_sites(program, "copy_sites", {("copies", at["copy"]): 127})
                self.assert_sites(program, "syscall_sites", {("getppid: f", at["system_call"]): 131})

    def test_what_is_inlined_from_another_unit_stands_in_its_caller(self):
        at = lines_of("main.c", "other.c")
        for program in ("sites_gcc_lto", "sites_clang_lto"):
            with self.subTest(program=program):
                chain, = [site["frames"] for site in self.sites(program, "allocation_sites") if site["count"] == 103]
                self.assertEqual([(frame["function"], f"{frame['file'].rpartition('/')[2]}:{frame['line']}", frame["inlined"])
                                  for frame in chain[:2]],
                                 [("allocates_in_other_unit", at["other_unit"], True), ("main", at["calls_other_unit"], False)])

    def test_rust_of_two_crates(self):
        at = lines_of("main.rs", "other.rs")
        for program in ("sites_rust_debug", "sites_rust_lto"):
            with self.subTest(program=program):
                self.assert_sites(program, "allocation_sites", {
                    ("<main::Grower as main::Grows>::grow", at["push"]): 101, ("other::boxes", at["other_crate"]): 103,
                    ("other::texts", at["to_string"]): 107})
                counts = collections.Counter()
                for site in self.sites(program, "allocation_sites"):
                    counts[site["site"].get("line")] += site["count"]
                    self.assertNotRegex(site["name"], r"17h[0-9a-f]{16}|_ZN|_R[INM]")
                self.assertEqual((counts[int(at["generic"].split(":")[1])], counts[int(at["closure"].split(":")[1])]), (109, 113))

    def test_go(self):
        at = lines_of("main.go")
        self.assert_sites("sites_go", "syscall_sites", {
            ("pread64: main.(*reader).read", at["method"]): 101, ("getppid: main.inlined", at["inlined"]): 103,
            ("getpgid: main.main.func1", at["closure"]): 107})

    def test_go_without_debug_information(self):
        # What is inlined is its caller's then; and it is unwound by frame pointers, which the functions at the kernel have not set.
        names = collections.Counter()
        for site in self.sites("sites_go_w", "syscall_sites"):
            names[site["name"].rpartition(" (")[0]] += site["count"]
        self.assertEqual((names["pread64: main.(*reader).read"], names["getppid: main.callsInlined"],
                          names["getpgid: main.main"]), (101, 103, 107), names)


if __name__ == "__main__":
    tare.main()
