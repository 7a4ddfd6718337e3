# SPDX-License-Identifier: Apache-2.0
"""What `cmake --install` makes: programs that find what is theirs wherever the prefix is, with debug information apart, and
nowhere the place in which they were built."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

import tare

PROGRAMS = ("bin/tare", "libexec/tare/tare-server", "libexec/tare/tare-server-counted")
LIBRARY = "libexec/tare/libtare-preload.so"  # loaded into others' programs, without debug information of its own
DOCUMENTS = ("share/man/man1/tare.1", "share/man/man1/tare-run.1", "share/man/man1/tare-ci.1", "share/fish/vendor_completions.d/tare.fish",
             "share/bash-completion/completions/tare", "share/zsh/site-functions/_tare")
MEMCACHED = '''description = "a server of others"
[server.memcached]
argv = ["memcached", "-l", "127.0.0.1", "-p", "{port}", "-U", "0", "-t", "1", "-u", "root"]
[[cells]]
variant = "memcached"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 100
'''
SITES = '''description = "where calls are made"
[[cells]]
variant = "epoll/level/as_described"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 60
call_sites = true
'''
FEATURE = '''cmake_minimum_required(VERSION 3.25)
project(feature C)
set(liburing_INCLUDE_DIRS {folder})
set(liburing_VERSION 2.1)
include({source}/cmake/RequireFeatures.cmake)
'''


def sections_of(file):
    """With its notes, of which one is the build id."""
    return subprocess.run(["readelf", "--sections", "--notes", "--wide", file], capture_output=True, text=True, check=True).stdout


class Installed(tare.Case):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="tare-install-")
        cls.addClassCleanup(folder.cleanup)
        first = pathlib.Path(folder.name) / "first"
        subprocess.run(["cmake", "--install", tare.BUILD, "--prefix", first], check=True, stdout=subprocess.DEVNULL)
        # No place but that of the program itself may be known to it.
        cls.prefix = first.rename(first.with_name("moved"))

    def tare(self, *arguments, prefix=None):
        return subprocess.run([(prefix or self.prefix) / "bin/tare", *arguments], capture_output=True, text=True, check=False,
                              timeout=180, cwd=self.folder)

    def test_no_installed_file_names_the_place_it_was_built_in(self):
        folder = self.folder / "whole"
        places = (str(tare.BUILD.resolve()).encode(), str(tare.SOURCE).encode())
        seen = 0
        for path in self.prefix.rglob("*"):
            if path.is_dir():
                continue
            data = path.read_bytes()
            if data.startswith(b"\x7fELF"):
                # Sections may be compressed.
                subprocess.run(["objcopy", "--decompress-debug-sections", path, folder], check=True, capture_output=True)
                data += folder.read_bytes()
                seen += 1
            for place in places:
                self.assertNotIn(place, data, path)
        self.assertEqual(seen, 2 * len(PROGRAMS) + 1)

    def test_programs_are_stripped_and_their_debug_information_is_found_by_build_id(self):
        for program in PROGRAMS:
            sections = sections_of(self.prefix / program)
            self.assertNotIn(".debug_info", sections)
            self.assertNotIn(".symtab", sections)
            build_id = re.search(r"Build ID: ([0-9a-f]{2})([0-9a-f]+)", sections)
            debug = self.prefix / "lib/debug/.build-id" / build_id[1] / f"{build_id[2]}.debug"
            self.assertIn(".debug_info", sections_of(debug))
        self.assertNotIn(".debug_info", sections_of(self.prefix / LIBRARY))

    def test_manual_pages_and_completions_are_installed(self):
        for name in DOCUMENTS:
            self.assertGreater((self.prefix / name).stat().st_size, 0, name)

    def test_version_names_the_revision(self):
        named = re.fullmatch(r"tare \d+\.\d+\.\d+ \(([0-9a-f]{12})(, modified)?\)\n", self.tare("--version").stdout)
        self.assertTrue(named)
        # It was built from this one or one before.
        subprocess.run(["git", "-C", tare.SOURCE, "merge-base", "--is-ancestor", named[1], "HEAD"], check=True)

    def test_servers_and_page_are_those_of_the_prefix(self):
        self.assertIn("epoll/level/as_described", self.tare("list", "servers").stdout)
        doctor = self.tare("doctor").stdout
        self.assertRegex(doctor, r"ok +reference servers")
        cell = "^epoll/level/as_described counted get_hit 16 64$"
        done = self.tare("run", "overhead-analysis", "--only", cell, "--out", "results")
        self.assertEqual(done.returncode, 0, done.stderr)
        # As another package's program has it in /usr/bin.
        other = self.prefix / "bin/page"
        other.touch()
        self.addCleanup(other.unlink)
        done = self.tare("report", "results/latest")
        self.assertEqual(done.returncode, 0, done.stderr)
        # /usr/bin/python3 without its packages is told, and draws no page.
        page = self.folder / "results/latest/report.html"
        self.assertTrue(page.exists() or "needs the Debian package" in done.stderr, done.stderr)

    def test_call_sites_of_servers_have_the_names_of_their_debug_information(self):
        tare.required(os.geteuid() == 0, "root")
        tare.required_probes("system_calls", "allocations")
        for prefix, named in ((self.prefix, True), (self.folder / "bare", False)):
            if not named:
                shutil.copytree(self.prefix, prefix, ignore=shutil.ignore_patterns("debug"))
            done = self.tare("run", self.suite(SITES), "--out", prefix.name, prefix=prefix)
            self.assertEqual(done.returncode, 0, done.stderr)
            stacks = (self.folder / prefix.name / "latest/call_sites.folded").read_text(encoding="utf-8")
            self.assertEqual("tare::epoll::" in stacks, named, stacks)

    def test_without_reference_servers_all_else_runs_and_they_are_missed_in_one_sentence(self):
        prefix = self.folder / "alone"
        shutil.copytree(self.prefix, prefix, ignore=shutil.ignore_patterns("libexec"))
        for command in (("list", "servers"), ("serve", "epoll/level/as_described"), ("run", "overhead-analysis")):
            done = self.tare(*command, prefix=prefix)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("alone/libexec/tare/tare-server", done.stderr)
            self.assertIn("needs tare's reference servers", done.stderr)
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertRegex(self.tare("doctor", prefix=prefix).stdout, r"absent +reference servers .*is missing")
        self.assertIn("\nservers ", self.tare("list", "suites", prefix=prefix).stdout)
        tare.required(shutil.which("memcached"), "memcached")
        done = self.tare("run", self.suite(MEMCACHED), "--out", "results", prefix=prefix)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = tare.rows_of(self.folder / done.stdout.splitlines()[-1])
        self.assertTrue(any(row.server == "memcached" and row.status == "ok" for row in rows))
        self.assertEqual(self.tare("report", "results/latest", prefix=prefix).returncode, 0)


class Features(tare.Case):
    def test_a_library_without_a_feature_is_refused_with_its_name_and_version(self):
        (self.folder / "liburing.h").write_text("int io_uring_register_buf_ring(void);\n", encoding="utf-8")
        (self.folder / "CMakeLists.txt").write_text(FEATURE.format(folder=self.folder, source=tare.SOURCE), encoding="utf-8")
        done = subprocess.run(["cmake", "-S", self.folder, "-B", self.folder / "build"], capture_output=True, text=True,
                              check=False)
        self.assertNotEqual(done.returncode, 0)
        told = " ".join(done.stderr.split())
        self.assertIn("liburing 2.1 has no io_uring_prep_multishot_accept_direct, which came with liburing 2.2", told)


if __name__ == "__main__":
    tare.main()
