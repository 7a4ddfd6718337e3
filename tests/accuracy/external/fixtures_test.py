# SPDX-License-Identifier: Apache-2.0
"""Every way to link, hide or confine a program: exactly its work, or absent with a reason; never a false zero."""
import atexit
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import counting
import tare

LIBRARY = pathlib.Path("/lib/x86_64-linux-gnu/libc.so.6")
OUTCOMES = []
# What an allocator copies by memcpy when it is first asked for memory, seen by its size: 29 bytes, 8 bytes.
FIRST_COPIES = {"mimalloc": 1, "musl_static": 1}


def print_outcomes():
    print(f"\n{'fixture':22} {'malloc':>8} {'memcpy':>8} {'write':>8}  reason")
    for name, seen in OUTCOMES:
        cells = ["absent" if isinstance(count, str) else str(count) for count in seen.values()]
        reasons = sorted({count for count in seen.values() if isinstance(count, str)})
        print(f"{name:22} {cells[0]:>8} {cells[1]:>8} {cells[2]:>8}  {'; '.join(reasons)}")


atexit.register(print_outcomes)


class Fixtures(unittest.TestCase):
    def setUp(self):
        counting.required_privilege()
        # Where another user can read, in another mount namespace too.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tare-fixtures-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.folder.chmod(0o755)

    def hold(self, name, command, expected=None, absent=(), works=counting.WORK, what="work"):
        """`command(what)` gives the command line that does `what`; metrics in `absent` must be so, for a reason that says
        `expected`, and all others exact."""
        seen = counting.difference(command("rest"), command(what))
        OUTCOMES.append((name, seen))
        for metric, count in works.items():
            if metric in absent:
                self.assertIn("absent:", str(seen[metric]), metric)
                self.assertIn(expected, seen[metric])
            else:
                self.assertEqual(seen[metric], count, metric)

    def program(self, name):
        return lambda what: [counting.FIXTURES / name, what]

    def in_shell(self, script):
        return lambda what: ["sh", "-c", script, "sh", what]

    def copy(self, name, as_name="program"):
        shutil.copy(counting.FIXTURES / name, self.folder / as_name)
        return self.folder / as_name

    def test_started_by_its_dynamic_linker(self):
        linker = "/lib64/ld-linux-x86-64.so.2"
        other = self.folder / "own_linker.so"
        shutil.copy(linker, other)
        for name, started_by in (("by_linker", linker), ("by_own_linker", other)):
            with self.subTest(name):
                self.hold(name, lambda what, by=started_by: [by, counting.FIXTURES / "dynamic", what])

    def test_linked_in_every_way(self):
        for name in ("dynamic", "stripped", "static", "static_pie", "lto", "lto_static", "cxx", "cxx_static", "jemalloc",
                     "jemalloc_inside", "mimalloc", "musl_dynamic", "musl_static"):
            with self.subTest(name):
                self.hold(name, self.program(name),
                          # The program's own copies are all of 100 bytes.
                          works={**counting.WORK, "copies": counting.WORK["copies"] + FIRST_COPIES.get(name, 0)})

    def test_static_and_stripped_is_absent_with_the_remedy(self):
        self.hold("static_stripped", self.program("static_stripped"), "keep its symbols", ("allocations", "copies", "copies of 64..127"))

    def test_every_function_of_each_allocator_once(self):
        # Where realloc moves a block, it copies its content by memcpy: of 103 blocks, in all but glibc.
        moved = {"dynamic": 0, "static": 0, "jemalloc": 103, "jemalloc_inside": 103, "mimalloc": 103, "musl_dynamic": 103,
                 "musl_static": 103}
        for name, copies in moved.items():
            with self.subTest(name):
                family = {**counting.FAMILY, "copies": counting.FAMILY["copies"] + copies + FIRST_COPIES.get(name, 0)}
                self.hold(name + " family", self.program(name), works=family, what="family")

    def test_a_probe_changes_nothing(self):
        for name in ("dynamic", "static", "jemalloc", "mimalloc", "musl_dynamic", "musl_static"):
            with self.subTest(name):
                counts = counting.counts_of(counting.stat([counting.FIXTURES / name, "verify"])["command"]["repetitions"][0])
                self.assertGreater(counts[("copies", "")], 100)
                self.assertGreater(counts[("fills", "")], 30)

    def test_deleted(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                path = self.folder / "gone"
                script = f"cp {counting.FIXTURES / name} {path}; exec 9<{path}; rm {path}; exec /proc/self/fd/9 $1"
                self.hold("deleted " + name, self.in_shell(script))

    def test_replaced(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                path = self.folder / "replaced"
                script = (f"cp {counting.FIXTURES / name} {path}; exec 9<{path}; cp {counting.FIXTURES / 'static_stripped'} "
                          f"{path}.new; mv {path}.new {path}; exec /proc/self/fd/9 $1")
                self.hold("replaced " + name, self.in_shell(script))

    def test_other_mount_namespace(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                script = f"mount --bind {counting.FIXTURES} {self.folder}; exec {self.folder / name} $1"
                self.hold("mount ns " + name, lambda what: ["unshare", "-m", *self.in_shell(script)(what)])

    def test_other_pid_namespace(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                self.hold("pid ns " + name, lambda what: ["unshare", "-pf", *self.program(name)(what)])

    def test_other_user(self):
        for name in ("dynamic", "static"):
            with self.subTest(name):
                path = self.copy(name)
                self.hold("user " + name, lambda what: ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                                                        path, what])

    def test_threads_and_children(self):
        for name in ("dynamic", "static", "musl_dynamic"):
            for what in ("threads", "forks", "vforks"):
                with self.subTest(name=name, what=what):
                    # What it costs to make a thread or a child is the C library's; the work is what remains.
                    seen = counting.counts_of(counting.stat([counting.FIXTURES / name, what])["command"]["repetitions"][0])
                    rest = counting.counts_of(counting.stat([counting.FIXTURES / name, "rest"])["command"]["repetitions"][0])
                    OUTCOMES.append((f"{what} {name}", {"malloc": seen[("allocation_sizes", "16..31")]
                                                        - rest.get(("allocation_sizes", "16..31"), 0),
                                                        "memcpy": seen[("copy_sizes", "64..127")]
                                                        - rest.get(("copy_sizes", "64..127"), 0),
                                                        "write": seen[("syscalls", "write")]}))
                    self.assertEqual(list(OUTCOMES[-1][1].values()), [1009, 503, 211])

    def test_other_c_library(self):
        same = self.folder / "same"
        other = self.folder / "other"
        for folder in (same, other):
            folder.mkdir()
            shutil.copy(LIBRARY, folder / "libc.so.6")
        with open(other / "libc.so.6", "ab") as library:
            library.write(b"another")
        command = lambda folder: lambda what: ["env", f"LD_LIBRARY_PATH={folder}", counting.FIXTURES / "dynamic", what]
        self.hold("copy of libc", command(same))
        self.hold("another libc", command(other), "the one that tare runs on", ("copies", "copies of 64..127"))

    def test_tunables(self):
        command = lambda name: lambda what: ["env", "GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=4096",
                                             *self.program(name)(what)]
        self.hold("tunables dynamic", command("dynamic"), "GLIBC_TUNABLES", ("copies", "copies of 64..127"))
        self.hold("tunables static", command("static"))

    def test_a_program_without_a_c_library_has_absent_counts(self):
        source = self.folder / "bare.c"
        source.write_text('void _start(void) { __asm__ volatile("mov $60, %eax; xor %edi, %edi; syscall"); }\n')
        subprocess.run(["cc", "-nostdlib", "-static", "-o", self.folder / "bare", source], check=True)
        counts = counting.counts_of(counting.stat([self.folder / "bare"])["command"]["repetitions"][0])
        self.assertEqual(counts[("syscalls", "exit")], 1)
        for metric in ("allocations", "copies"):
            self.assertRegex(counts[(metric, "")], "absent:.*defines mem|absent:.*defines malloc")

    def test_one_child_that_is_not_covered_makes_the_tree_absent(self):
        script = f"{counting.FIXTURES / 'dynamic'} $1; {counting.FIXTURES / 'static_stripped'} $1"
        seen = counting.difference(self.in_shell(script)("rest"), self.in_shell(script)("work"))
        OUTCOMES.append(("shell of two", seen))
        self.assertIn("static_stripped", seen["allocations"])
        self.assertEqual(seen["write"], 2 * 211)


if __name__ == "__main__":
    tare.main()
