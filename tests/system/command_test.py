# SPDX-License-Identifier: Apache-2.0
"""A command as the subject of a suite: counted and timed in runs of its own, reported, and held to a base."""
import json
import os
import shlex
import subprocess

import tare
from ab_test import git

TOOL = r"""
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/syscall.h>

static void* volatile kept;

__attribute__((noinline)) void add_entry(unsigned bytes) {
    kept = malloc(bytes);
    free(kept);
}

int main(int count, char** arguments) {
    char line[64] = "";
    for (int round = 0; round < 5; ++round) add_entry(100);
    for (int round = 0; round < ROUNDS; ++round) {
        add_entry(200);
        syscall(SYS_getppid);
    }
    if (count > 1 && !strcmp(arguments[1], "fail")) return fputs("no such thing\n", stderr), 3;
    if (count > 1 && !strcmp(arguments[1], "memory")) memset(kept = malloc(32 << 20), 1, 32 << 20);
    if (count > 1 && !strcmp(arguments[1], "setting"))
        return !(getenv("COLOUR") && !strcmp(getenv("COLOUR"), "blue") && fgets(line, sizeof(line), stdin) &&
                 !strcmp(line, "a line\n") && access("here", F_OK) == 0);
    return 0;
}
"""
BUILD = "cc -O1 -o build/tool tool.c"
MAKEFILE = "build/tool: tool.c\n\tmkdir -p build\n\t{}\n"


class Commands(tare.Case):
    def setUp(self):
        super().setUp()
        tare.required(os.geteuid() == 0, "root")
        tare.required_probes("system_calls", "allocations")
        self.repo = self.folder / "repo"
        self.repo.mkdir()
        (self.repo / "tool.c").write_text(TOOL, encoding="utf-8")
        git(self.repo, "init", "--quiet", "--initial-branch=main")
        for branch, rounds in (("main", 2), ("more", 3)):
            git(self.repo, "checkout", "--quiet", "-B", branch)
            (self.repo / "Makefile").write_text(MAKEFILE.format(f"{BUILD} -DROUNDS={rounds}"), encoding="utf-8")
            git(self.repo, "add", ".")
            git(self.repo, "commit", "--quiet", "-m", branch)
        git(self.repo, "checkout", "--quiet", "main")
        subprocess.run(["make", "-s"], cwd=self.repo, check=True)

    def ab(self, base, head, *options, command="{root}/build/tool", code):
        done = tare.run("ab", "--repo", self.repo, "--base", base, "--head", head, "--build", "make -s", "--slices", "4", "--out",
                        self.folder / "results", *options, "--", *shlex.split(command), timeout=240)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_one_allocation_and_one_system_call_more_are_named_in_a_short_comment(self):
        comment = self.folder / "comment.md"
        done = self.ab("main", "more", "--format", f"markdown={comment}", code=1)
        text = comment.read_text(encoding="utf-8")
        self.assertLess(len(text.splitlines()), 40, text)
        for line in (r"`allocations` .*\| 7 \| 8 \| \+1", r"`allocations malloc`.*\| 7 \| 8 \| \+1", r"`syscalls`", r"`syscalls getppid`.*\| 2 \| 3 \| \+1"):
            self.assertRegex(text, line)
        self.assertIn("per run", text)
        self.assertIn("worse", done.stdout)

    def test_a_revision_against_itself_passes(self):
        done = self.ab("main", "main", code=0)
        self.assertIn("the same program", done.stdout)

    def test_a_command_that_is_the_same_on_both_sides_is_refused(self):
        self.assertIn("{root}", self.ab("main", "more", command="true", code=2).stderr)
        done = tare.run("ab", "--base", "main", "--head", "more")
        self.assertEqual(done.returncode, 2)
        self.assertIn("SUITE is required", done.stderr)

    def tool_suite(self, arguments="", more=""):
        words = ", ".join(f'"{word}"' for word in ["{root}/build/tool", *arguments.split()])
        return self.suite(f'description = "d"\n[command.tool]\nargv = [{words}]\nrepetitions = 3\n{more}')

    def rows(self, run, **wanted):
        return [row for row in tare.rows_of(run) if all(getattr(row, key) == value for key, value in wanted.items())]

    def test_a_suite_counts_and_times_it_in_runs_of_their_own(self):
        suite = self.tool_suite(more='call_sites = true\nruns = 3\n[counter.entries]\nfunctions = ["add_entry", "not_there"]\n')
        run = self.run_suite(suite, "--root", self.repo)
        rows = tare.rows_of(run)
        self.assertEqual({(row.server, row.kind, row.per, row.divisor) for row in rows}, {("tool", "command", "run", "1")})
        counted = self.rows(run, mode="lockstep")
        for metric, detail, value in (("allocations", "malloc", 7), ("syscalls", "getppid", 2), ("entries", "", 7),
                                      ("entries", "add_entry", 7)):
            seen = [row.value for row in counted if (row.metric, row.detail) == (metric, detail)]
            self.assertEqual(seen, [str(value)] * 3, (metric, detail))
        gone = [row for row in counted if row.detail == "not_there"]
        self.assertEqual({row.status[:7] for row in gone}, {"absent:"})
        sites = [row for row in counted if row.metric == "allocation_sites" and row.detail.startswith("add_entry")]
        self.assertEqual([(row.repetition, row.value) for row in sites], [("2", "7")])
        timed = self.rows(run, mode="load")
        self.assertEqual({row.metric for row in timed} - {"instructions", "cycles"},
                         {"cpu_ns", "page_faults", "max_rss_bytes", "elapsed_ns"})
        self.assertEqual({row.source for row in timed}, {"rusage", "client"})
        self.assertEqual({row.status for row in timed}, {"ok"})
        probes = json.loads((run / "environment.json").read_text(encoding="utf-8"))["probes"]
        hardware = next(probe["status"] for probe in probes if probe["name"] == "hardware")
        self.assertEqual(hardware == "ok", any(row.metric == "instructions" for row in timed), hardware)
        done = tare.run("report", run)
        self.assertEqual(done.returncode, 0, done.stderr)
        report = (run / "report.md").read_text(encoding="utf-8")
        self.assertIn("## Commands", report)
        self.assertRegex(report, r"`allocations` \| 7 \| `malloc` 7")
        self.assertRegex(report, r"`entries` \| 7 \| `add_entry` 7")
        again = tare.run("compare", run, run)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)

    def test_peak_memory_is_the_commands_own(self):
        small = self.rows(self.run_suite(self.tool_suite(), "--root", self.repo), metric="max_rss_bytes")
        large = self.rows(self.run_suite(self.tool_suite("memory"), "--root", self.repo), metric="max_rss_bytes")
        for row in small:
            self.assertLess(int(row.value), 8 << 20)
        for row in large:
            self.assertGreaterEqual(int(row.value), 32 << 20)
            self.assertLess(int(row.value), 40 << 20)

    def test_folder_environment_and_input_are_those_that_the_suite_says(self):
        (self.folder / "place").mkdir()
        (self.folder / "place" / "here").touch()
        (self.folder / "lines").write_text("a line\n", encoding="utf-8")
        suite = self.tool_suite("setting", f'cwd = "{self.folder}/place"\nenv = {{ COLOUR = "blue" }}\nstdin = "{self.folder}/lines"\n')
        for row in self.rows(self.run_suite(suite, "--root", self.repo), metric="syscalls", detail=""):
            self.assertEqual(row.status, "ok", row)

    def test_a_command_that_fails_is_absent_with_its_end_and_its_last_words(self):
        good = self.run_suite(self.tool_suite(), "--root", self.repo)
        run = self.run_suite(self.tool_suite("fail", '[command.other]\nargv = ["true"]\nrepetitions = 1\n'), "--root", self.repo)
        failed = self.rows(run, server="tool", detail="")
        self.assertTrue(failed)
        for row in failed:
            self.assertIn("exit code 3 instead of exit code 0; its last line: no such thing", row.status)
        self.assertIn("exit code 3", self.stderr)
        self.assertEqual({row.status for row in self.rows(run, server="other", metric="syscalls")}, {"ok"})
        expected = self.run_suite(self.tool_suite("fail", "exit_code = 3\n"), "--root", self.repo)
        self.assertEqual({row.status for row in self.rows(expected, metric="syscalls")}, {"ok"})
        done = tare.run("compare", good, run, "--force-incomparable", "commands", "--force-incomparable", "suite")
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("exit code 3", done.stdout)

    def test_what_a_suite_may_not_say_of_a_command_is_refused_with_its_line(self):
        for text, reason in (('argv = ["true"]\nruns = 0\n', "runs"), ('argv = []\n', "argv"), ('args = ["true"]\n', "args"),
                             ('argv = ["true"]\nwrappers = ["f"]\n', "call_sites"), ('argv = ["{root}/tool"]\n', "--root")):
            with self.subTest(reason):
                suite = self.suite(f'description = "d"\n[command.tool]\n{text}')
                done = tare.run("run", suite, "--out", self.folder / "results")
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(reason, done.stderr)
        suite = self.suite('description = "d"\n[counter.syscalls]\nfunctions = ["read"]\n[command.tool]\nargv = ["true"]\n')
        done = tare.run("run", suite, "--out", self.folder / "results")
        self.assertEqual(done.returncode, 2)
        self.assertIn("mine.toml:2", done.stderr)
        self.assertIn("already", done.stderr)

    def test_a_program_that_is_not_there_is_absent_and_the_others_go_on(self):
        suite = self.tool_suite("", '[command.gone]\nargv = ["/nowhere/tool"]\nrepetitions = 1\n')
        run = self.run_suite(suite, "--root", self.repo)
        gone = self.rows(run, server="gone", detail="")
        self.assertTrue(gone)
        for row in gone:
            self.assertIn("cannot be executed", row.status)
        self.assertEqual({row.status for row in self.rows(run, server="tool", metric="allocations")}, {"ok"})
        self.assertEqual(json.loads((run / "environment.json").read_text(encoding="utf-8"))["commands"]["gone"]["argv"],
                         ["/nowhere/tool"])


if __name__ == "__main__":
    tare.main()
