# SPDX-License-Identifier: Apache-2.0
"""Every way to ask for memory, under every allocator: each once, by its name; what nobody can be given apart; and runtimes that have an
allocator of their own, counted or named."""
import collections
import os
import pathlib
import shlex
import shutil
import subprocess
import tempfile
import unittest

import counting
import tare

LIBRARIES = pathlib.Path("/usr/lib/x86_64-linux-gnu")
# What tests/accuracy/fixtures/allocations.cc does: plain functions, then what it resizes with what it makes for that, then operators new.
PLAIN = 101 + 103 + 107 + 109 + 113 + 127 + 131 + 137 + 139 + 149
OF_NOTHING = 107 + 139  # realloc and reallocarray of NULL
MOVED, IN_PLACE = 151, 157
RESIZED = 3 * MOVED + 2 * IN_PLACE
NEW = 163 + 167 + 173 + 179 + 181 + 191 + 193 + 197
ALL = PLAIN + RESIZED + NEW
REFUSED = 3 + 5 + 7 + 11


def changes(command, what):
    """{metric: {part: how many more `command(what)` does than `command("rest")`}}, the total under ""; an absent one is its status."""
    document = counting.stat(command(what), "--diff", shlex.join(map(str, command("rest"))))
    less, more = (counting.counts_of(document[name]["repetitions"][0]) for name in ("other_command", "command"))
    parts = {}
    for name, detail in {*less, *more}:
        here, there = more.get((name, detail), 0), less.get((name, detail), 0)
        absent = [side for side in (here, there) if isinstance(side, str)]
        if absent or here != there:
            parts.setdefault(name, {})[detail] = absent[0] if absent else here - there
    return parts


def change(command, what, metric="allocations"):
    return changes(command, what).get(metric, {})


def program(name="allocations", preloaded=None):
    prefix = ["env", f"LD_PRELOAD={preloaded}"] if preloaded else []
    return lambda what: [*prefix, counting.FIXTURES / name, what]


class Allocators(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()

    def hold(self, command, what, expected, metric="allocations"):
        self.hold_all(command, what, {metric: expected})

    def hold_all(self, command, what, expected):
        """`expected` as `changes` has it; one run says all of it."""
        seen = changes(command, what)
        for metric, parts in expected.items():
            for part, count in parts.items():
                with self.subTest(metric=metric, part=part):
                    self.assertEqual(seen.get(metric, {}).get(part, 0), count, f"{part or 'total'} of {seen.get(metric)}")

    # bcc #4777: operator new of tcmalloc; bcc #5392: of jemalloc 5.3, past its malloc; ddprof #458: new that calls malloc, three times.
    def test_each_request_counts_once_under_every_allocator(self):
        glibc = {"realloc": IN_PLACE}  # of nothing, it is a malloc
        other = {"realloc": IN_PLACE + OF_NOTHING, "new": NEW}
        ways = [(name, program(name), glibc) for name in ("allocations", "allocations_static", "allocations_libstdcxx_inside")]
        ways += [(name, program(name), other) for name in
                 ("allocations_jemalloc", "allocations_jemalloc_inside", "allocations_tcmalloc", "allocations_tcmalloc_inside")]
        ways += [(library, program(preloaded=LIBRARIES / library), other) for library in
                 ("libjemalloc.so.2", "libtcmalloc.so.4", "libtcmalloc_minimal.so.4")]
        # mimalloc's reallocarray goes on in another function of its own.
        mimalloc = {"realloc": IN_PLACE + 107, "reallocarray": 139, "new": NEW}
        ways += [("allocations_mimalloc", program("allocations_mimalloc"), mimalloc),
                 ("libmimalloc.so.2", program(preloaded=LIBRARIES / "libmimalloc.so.2"), mimalloc),
                 ("passing", program(preloaded=counting.FIXTURES / "libpassing.so"), {})]
        for name, command, parts in ways:
            with self.subTest(name):
                self.hold(command, "all", {"": ALL, "realloc_moved": MOVED, **parts})

    def test_allocators_that_check_count_once_or_are_named(self):
        self.hold(program(preloaded=LIBRARIES / "libtcmalloc_debug.so.4"), "new", {"": NEW})
        seen = change(program(preloaded=LIBRARIES / "libc_malloc_debug.so.0"), "all")
        self.assertRegex(str(seen[""]), "absent:.*libc_malloc_debug.* allocates through other functions")

    def test_what_nobody_can_be_given_is_refused_and_in_no_sum(self):
        for name in ("allocations", "allocations_static", "allocations_jemalloc", "allocations_mimalloc", "allocations_tcmalloc"):
            with self.subTest(name):
                self.hold_all(program(name), "refused", {"allocations": {"": REFUSED + 11, "refused": REFUSED},
                                                         "allocated_bytes": {"": 11 * 8}})

    def test_a_sum_of_bytes_that_goes_around_is_absent(self):
        counts = counting.counts_of(counting.stat(program()("big"))["command"]["repetitions"][0])
        self.assertIn("absent:their sum", counts[("allocated_bytes", "")])
        self.assertGreaterEqual(counts[("allocations", "")], 131075)

    def test_an_operator_new_of_the_program_counts_once_or_is_absent(self):
        for new in (1, 2, 3):
            with self.subTest(new):
                self.hold(program(f"own_new_{new}"), "work", {"": 1010, "new": 1009, "malloc": 1})
        seen = change(program("own_new_4"), "work")
        self.assertRegex(seen.get("", ""), "absent:.*own_new_4: its new allocates through other functions")

    # bcc pull request #4929: names with a prefix; ddprof pull request #308: mallocx.
    def test_an_allocator_beside_the_c_librarys_counts_by_its_prefix(self):
        self.hold(program("renamed_jemalloc"), "work",
                  {"": 101 + 103 + 107 + 109, "malloc": 101, "mallocx": 103, "calloc": 107, "realloc": 109})
        counts = counting.counts_of(counting.stat(program("renamed_jemalloc_stripped")("rest"))["command"]["repetitions"][0])
        self.assertIn("absent", counts[("allocations", "jemalloc under names that were stripped")])

    # Their functions stand before the C library's, and call them.
    def test_sanitizers_count_once(self):
        for name in ("address_sanitizer", "thread_sanitizer"):
            with self.subTest(name=name):
                self.hold_all(lambda what: ["env", "ASAN_OPTIONS=detect_leaks=0", counting.FIXTURES / name, what], "work",
                              {"allocations": {"": 1009}, "copies": {"": 503}})

    # java-profiler pull request #550: a malloc that a profiler's hook makes is counted besides.
    def test_a_library_that_passes_calls_on_adds_none(self):
        self.hold_all(program("dynamic", counting.FIXTURES / "libpassing.so"), "work",
                      {metric: {"": counting.WORK[metric]} for metric in ("allocations", "copies")})


class Runtimes(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tare-runtimes-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)

    def go_program(self, name, *options, with_c):
        tare.required(shutil.which("go"), "go")
        source = self.folder / f"{name}.go"
        text = (tare.SOURCE / "tests/accuracy/fixtures/runtime.go").read_text()
        source.write_text(text.replace("package main\n", 'package main\n\nimport "C"\n', 1) if with_c else text)
        environment = {**os.environ, "GO111MODULE": "off", "GOCACHE": str(self.folder / "cache"), "CGO_ENABLED": str(int(with_c))}
        subprocess.run(["go", "build", *options, "-o", self.folder / name, source], check=True, capture_output=True, env=environment)
        return self.folder / name

    def stripped(self, original):
        copy = original.with_name(f"{original.name}_stripped")
        subprocess.run(["strip", "-o", copy, original], check=True)
        return copy

    def work_of(self, path, what):
        """The counts of `path what` less those of `path rest`, of parts that the collector does not touch."""
        command = lambda argument: ["sh", "-c", 'GOGC=off GOMAXPROCS=1 "$0" "$1"; true', path, argument]
        return collections.defaultdict(dict, changes(command, what))

    def test_go_counts_at_its_own_allocator(self):
        paths = [self.go_program("pure", with_c=False), self.go_program("with_c", with_c=True),
                 self.go_program("pie", "-buildmode=pie", with_c=True)]
        for path in [*paths, *map(self.stripped, paths)]:
            with self.subTest(path.name):
                seen = self.work_of(path, "work")
                self.assertEqual(seen["allocation_sizes"].get("1024..2047"), 1009)
                self.assertEqual(seen["copy_sizes"].get("512..1023"), 503)
                self.assertEqual(seen["syscalls"].get("write"), 211)
                # The runtime's own, for what it does beside, may be some more or less each time.
                self.assertAlmostEqual(seen["allocations"].get("runtime.mallocgc", 0), 1009, delta=50)
                self.assertAlmostEqual(seen["copies"].get("runtime.memmove", 0), 503, delta=50)

    # golang/go #22008: where a stack grows, a Go function begins again, and so does a probe at its first instruction.
    def test_a_stack_that_grows_is_no_second_allocation(self):
        self.assertEqual(self.work_of(self.go_program("grow", with_c=False), "grow")["allocation_sizes"].get("1024..2047"), 100 * 201)

    def test_runtimes_with_a_heap_of_their_own_are_named(self):
        for command, objects in ((["/usr/bin/python3", "-c", "1"], "objects of CPython"), (["perl", "-e", "1"], "scalars of Perl")):
            with self.subTest(objects):
                counts = counting.counts_of(counting.stat(command)["command"]["repetitions"][0])
                self.assertGreater(counts[("allocations", "")], 0)
                self.assertIn("absent:not allocated by functions that are counted here", counts[("allocations", objects)])


if __name__ == "__main__":
    tare.main()
