# SPDX-License-Identifier: Apache-2.0
"""`tare ab`: two revisions, folders or commands side by side with a control; what it builds is gone however it ends. The server
is the example's (examples/echo), which builds in a blink."""
import json
import os
import re
import shutil
import signal
import subprocess
import time

import tare

ECHO = tare.SOURCE / "examples" / "echo"
SUITE = ECHO / "suite.toml"
LOCKSTEP = ("--only", "get_hit 16 64$")
# A repository whose `tare-server` are the built ones: a build of tare's own servers without its minute.
COPIES = '''cmake_minimum_required(VERSION 3.25)
project(copies LANGUAGES NONE)
foreach(name IN ITEMS tare-server tare-server-counted)
  add_custom_target(${{name}} COMMAND ${{CMAKE_COMMAND}} -E copy {build}/${{name}} ${{CMAKE_BINARY_DIR}}/${{name}})
endforeach()
'''


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, "-c", "user.name=test", "-c", "user.email=test@example.invalid", *arguments],
                          capture_output=True, text=True, check=True).stdout


class Ab(tare.Case):
    """A repository with the revisions `main`, `calls` (a system call more), `broken` (does not compile)."""

    def setUp(self):
        super().setUp()
        self.scratch = self.folder / "tmp"
        self.scratch.mkdir()
        self.repo = self.folder / "repo"
        self.repo.mkdir()
        for name in ("echo.c", "Makefile"):
            shutil.copy(ECHO / name, self.repo)
        git(self.repo, "init", "--quiet", "--initial-branch=main")
        git(self.repo, "add", ".")
        git(self.repo, "commit", "--quiet", "-m", "echo")
        git(self.repo, "checkout", "--quiet", "-b", "calls")
        git(self.repo, "apply", str(ECHO / "adds_a_system_call.patch"))
        git(self.repo, "commit", "--quiet", "-a", "-m", "calls")
        git(self.repo, "checkout", "--quiet", "-b", "broken")
        (self.repo / "echo.c").write_text("int main(void) { return no_such_thing; }\n", encoding="utf-8")
        git(self.repo, "commit", "--quiet", "-a", "-m", "broken")
        git(self.repo, "checkout", "--quiet", "main")

    def command(self, *arguments):
        return [tare.PROGRAM, "ab", *map(str, arguments), "--out", self.folder / "results"]

    def environment(self):
        return {**os.environ, "TMPDIR": str(self.scratch)}

    def ab(self, *arguments, code):
        done = subprocess.run(self.command(*arguments), env=self.environment(), capture_output=True, text=True, timeout=120,
                              check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.nothing_left()
        return done

    def revisions(self, base, head, *arguments, code, build="make -s", only=LOCKSTEP):
        return self.ab(SUITE, "--repo", self.repo, "--base", base, "--head", head, "--build", build, *only, *arguments, code=code)

    def nothing_left(self):
        self.assertEqual(list(self.scratch.iterdir()), [])
        self.assertEqual(len(git(self.repo, "worktree", "list").splitlines()), 1)

    def runs(self):
        return {name: next((self.folder / "results").glob(f"*-{name}-2*")) for name in ("base", "control", "head")}


class Sides(Ab):
    def test_a_revision_against_itself_passes_and_is_said_to_be_one_program(self):
        done = self.revisions("main", "main", "--slices", "3", "--format", f"json={self.folder}/a.json", code=0,
                              only=("--only", "get_hit"))
        self.assertIn("the same program", done.stdout)
        self.assertIn("control (the base against itself)", done.stdout)
        environments = {}
        for name, run in self.runs().items():
            subprocess.run(["sha256sum", "--quiet", "-c", "COMPLETE"], cwd=run, check=True)
            environments[name] = json.loads((run / "environment.json").read_text(encoding="utf-8"))
            subject = environments[name]["subject"]
            self.assertEqual(subject["arm"], name)
            self.assertEqual(subject["revision"], git(self.repo, "rev-parse", "main").strip())
            self.assertRegex(subject["build_ids"]["echo"], "^[0-9a-f]{40}$")
            self.assertEqual(environments[name]["foreign_servers"]["echo"]["argv"][0], "{root}/build/echo")
            load = [row for row in tare.rows_of(run) if row.mode == "load" and row.metric == "cpu_ns"]
            self.assertEqual([row.repetition for row in load], ["0", "1", "2"])
        self.assertEqual(len({each["order_seed"] for each in environments.values()}), 1)
        rows = json.loads((self.folder / "a.json").read_text(encoding="utf-8"))["rows"]
        counts = [row for row in rows if row["exact"] and row["metric"] not in ("context_switches", "futex_waits", "page_faults")]
        self.assertEqual({row["verdict"] for row in counts} - {"absent"}, {"same"})
        again = tare.run("compare", str(self.runs()["base"]), str(self.runs()["head"]), "--control", str(self.runs()["control"]))
        self.assertEqual(again.stdout, done.stdout)

    def test_folders_and_commands_are_compared_as_they_are(self):
        roots = {}
        for revision in ("main", "calls"):
            roots[revision] = self.folder / revision
            git(self.folder, "clone", "--quiet", "--branch", revision, str(self.repo), str(roots[revision]))
            subprocess.run(["make", "-s"], cwd=roots[revision], check=True)
        bpf = "probe system_calls" not in tare.absences()
        more = self.ab(SUITE, "--base-root", roots["main"], "--head-root", roots["calls"], *LOCKSTEP, code=1 if bpf else 0)
        self.assertNotIn("same program", more.stdout)
        commands = [f"{roots['main']}/build/echo -p {{port}}"] * 2
        same = self.ab(SUITE, "--base-command", commands[0], "--head-command", commands[1], *LOCKSTEP, code=0)
        self.assertIn("the same program", same.stdout)

    def test_our_own_servers_of_two_revisions(self):
        own = self.folder / "own"
        own.mkdir()
        (own / "CMakeLists.txt").write_text(COPIES.format(build=tare.BUILD), encoding="utf-8")
        git(own, "init", "--quiet")
        git(own, "add", ".")
        git(own, "commit", "--quiet", "-m", "copies")
        (own / "CMakeLists.txt").write_text("not committed", encoding="utf-8")
        done = self.ab("gate", "--repo", own, "--base", "HEAD", "--head", "HEAD", "--only",
                       "^epoll/level/as_described counted get_hit", code=0)
        self.assertIn("uncommitted changes", done.stderr)
        self.assertIn("the same program", done.stdout)
        self.assertEqual(len(git(own, "worktree", "list").splitlines()), 1)


class Ends(Ab):
    def test_a_build_that_fails_says_its_last_lines(self):
        self.assertIn("no_such_thing", self.revisions("main", "broken", code=5).stderr)

    def interrupted(self, seen, *arguments):
        process = subprocess.Popen(self.command(*arguments), env=self.environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        said = ""
        for line in process.stderr:
            said += line
            if re.search(seen, line):
                break
        time.sleep(0.2)
        return process, said

    def test_an_interrupt_leaves_no_tree(self):
        both = ("--repo", self.repo, "--base", "main", "--head", "main")
        for seen, build in (("base: building", "sleep 60"), ("load, block 1", "make -s")):
            with self.subTest(seen):
                process, _ = self.interrupted(seen, SUITE, *both, "--build", build, "--slices", "900")
                process.send_signal(signal.SIGINT)
                _, errors = process.communicate(timeout=30)
                self.assertEqual(process.returncode, 5, errors)
                self.assertIn("interrupted", errors)
                self.nothing_left()

    def test_what_a_killed_one_left_is_removed_by_the_next(self):
        process, _ = self.interrupted("head: building", SUITE, "--repo", self.repo, "--base", "main", "--head", "main", "--build",
                                      "sleep 2")
        process.kill()
        process.wait()
        self.assertEqual(len(list(self.scratch.iterdir())), 1)
        self.revisions("main", "main", code=0)

    def test_usage(self):
        own = ("--repo", self.repo)
        for arguments, told in ((("gate",), "two of one kind"),
                                ((SUITE, "--base", "main", "--head-root", self.repo), "two of one kind"),
                                ((SUITE, *own, "--base", "main", "--head", "no-such"), "'no-such' is no revision"),
                                ((SUITE, *own, "--base=--help", "--head", "main"), "'--help' is no revision"),
                                ((SUITE, "--base-root", self.folder / "none", "--head-root", self.repo), "no such folder"),
                                (("gate", *own, "--base", "main", "--head", "main", "--build", "make"), "{root}"),
                                (("gate", "--base-command", "true", "--head-command", "true"), "one server"),
                                ((SUITE, *own, "--base", "main", "--head", "main", "--format", "yaml"), "yaml")):
            with self.subTest(told):
                self.assertIn(told, self.ab(*arguments, code=2).stderr)
        done = tare.run("run", str(SUITE))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--root DIR", done.stderr)


class Example(Ab):
    def rows_of(self, text):
        """The lines of what moved: name, source, base, head, change, verdict."""
        return [line for line in text.splitlines() if re.match(r"\| (· )?`(syscalls|allocat|cop)", line)]

    def test_the_comments_are_what_the_comparison_writes(self):
        tare.required_probes("system_calls", "allocations", "copies")
        for patch, code in (("adds_a_system_call", 1), ("removes_an_allocation", 0)):
            with self.subTest(patch):
                comment = self.folder / f"{patch}.md"
                done = subprocess.run([ECHO / "compare.sh", patch, "--only", " 64$", "--format", f"markdown={comment}",
                                       "--format", "text"],
                                      env={**self.environment(), "TARE": str(tare.PROGRAM)}, capture_output=True, text=True,
                                      timeout=120, check=False)
                self.assertEqual(done.returncode, code, done.stderr)
                self.assertNotIn("same program", done.stdout)
                if code == 1:
                    self.assertRegex(done.stdout, r"syscalls +bpf +3 -> 4  \+1 \(\+33.3 %\)  worse, gate crossed")
                    self.assertRegex(done.stdout, r"syscalls epoll_ctl +bpf +0 -> 1")
                committed = self.rows_of((ECHO / f"{patch}.md").read_text(encoding="utf-8"))
                self.assertGreaterEqual(len(committed), 2)
                self.assertEqual(self.rows_of(comment.read_text(encoding="utf-8")), committed)
                self.nothing_left()


if __name__ == "__main__":
    tare.main()
