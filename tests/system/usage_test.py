# SPDX-License-Identifier: Apache-2.0
"""Wrong input: exit 2 with the place and what is allowed; wrong data: exit 3."""
import contextlib
import json
import os
import pty
import shutil
import subprocess

import tare

CELLS = '''description = "mine"
[[cells]]
variant = "epoll/level/as_described"
build = "counted"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 50
'''


class Usage(tare.Case):
    def refused(self, suite, *told):
        self.run_suite(suite, code=2)
        for text in told:
            self.assertIn(text, self.stderr)
        self.assertFalse((self.folder / "results").exists())

    def test_unknown_suite(self):
        self.refused("no_such_suite", "no_such_suite", "overhead-analysis")

    def test_unknown_key(self):
        self.refused(self.suite(CELLS + "colour = 1\n"), "mine.toml:9", "colour", "value_bytes")

    def test_unknown_value(self):
        self.refused(self.suite(CELLS.replace("get_hit", "get_it")), "mine.toml:5", "get_it", "get_miss")

    def test_unknown_variant(self):
        self.refused(self.suite(CELLS.replace("level", "levle")), "mine.toml:3", "uring/oneshot/as_described")

    def test_out_of_range(self):
        self.refused(self.suite(CELLS.replace("key_bytes = 16", "key_bytes = 251")), "mine.toml:6", "250")

    def test_no_toml(self):
        self.refused(self.suite(CELLS + "op ="), "mine.toml:9")

    def test_only_matches_nothing(self):
        self.assertEqual(tare.run("run", "overhead-analysis", "--only", "nothing like this").returncode, 2)

    def test_no_pattern_of_only_crashes_or_takes_for_ever(self):
        for pattern in ("(" * 50000, "(" * 50000 + "no such cell" + ")" * 50000, "(.*)*(.*)*(.*)*x\\b9", "[", "a{1000}{1000}"):
            done = tare.run("run", "overhead-analysis", "--only", pattern)
            self.assertEqual(done.returncode, 2, done.stderr[-300:])
            self.assertIn("--only '", done.stderr)

    def test_unknown_command_and_option(self):
        done = tare.run("weigh")
        self.assertEqual(done.returncode, 2)
        self.assertIn("doctor", done.stderr)
        self.assertIn("probes", tare.run("list", "metals").stderr)
        self.assertEqual(tare.run("run", "overhead-analysis", "--fast").returncode, 2)
        self.assertEqual(tare.run("serve", "epoll/level/none").returncode, 2)

    def test_results_that_cannot_be_written(self):
        done = tare.run("run", "overhead-analysis", "--out", "/proc/here")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("--out", done.stderr)

    def test_help(self):
        for arguments in (("--help",), ("run", "--help"), ("report", "--help"), ("serve", "--help"), ("list", "--help")):
            done = tare.run(*arguments)
            self.assertEqual(done.returncode, 0)
            self.assertIn("--", done.stdout)


class Data(tare.Case):
    def test_changed_or_partial_run_is_refused(self):
        whole = self.run_suite(self.suite(CELLS.replace("[[cells]]", 'case_study = "overhead-analysis"\n[[cells]]')))
        self.assertEqual(tare.run("report", str(whole)).returncode, 0)
        for change in ("flip observations.csv", "cut environment.json", "flip claims.csv", "drop COMPLETE"):
            with self.subTest(change):
                copy = self.folder / change.replace(" ", "_")
                shutil.copytree(whole, copy)
                action, name = change.split()
                data = bytearray((copy / name).read_bytes())
                if action == "flip":
                    data[len(data) // 2] ^= 1
                (copy / name).write_bytes(data[: len(data) - 1] if action == "cut" else data)
                if action == "drop":
                    (copy / name).unlink()
                done = tare.run("report", str(copy))
                # claims.csv is derived and written anew; what was measured is not.
                self.assertEqual(done.returncode, 0 if "claims" in change else 3, done.stderr)
                if done.returncode == 3:
                    self.assertIn(name, done.stderr)

    def test_no_run(self):
        self.assertEqual(tare.run("report", str(self.folder)).returncode, 3)


class Words(tare.Case):
    """What is wrong on a command line is named, with what was meant."""

    def refused(self, *words):
        done = tare.run(*words)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertEqual(done.stdout, "")
        return done.stderr

    def test_a_wrong_option_is_named_whatever_stands_around_it(self):
        told = self.refused("load", "-x", "1", "-t", "2", "-d", "16", "-c", "4")
        self.assertIn("tare load has no option -x", told)
        self.assertIn("tare load --help", told)
        self.assertIn("did you mean '--connections'?", self.refused("load", "--conections", "16"))

    def test_names_that_do_not_exist_have_a_near_one_that_does(self):
        self.assertIn("did you mean 'load'?", self.refused("laod"))
        self.assertIn("did you mean 'load'?", self.refused("help", "laod"))
        self.assertIn("did you mean 'suites'?", self.refused("list", "siutes"))
        self.assertIn("did you mean 'ladders'?", self.refused("run", "laders"))
        self.assertIn("did you mean 'epoll/ideal'?", self.refused("serve", "epol/ideal"))
        self.assertIn("did you mean 'uring/ideal'?", self.refused("load", "--server", "uring/idael"))
        self.assertIn("did you mean 'get_hit'?", self.refused("load", "--port", "1", "--mix", "get_hitt"))
        self.assertIn("did you mean 'json'?", self.refused("doctor", "--format", "jsno"))
        told = self.refused("run", str(self.suite(CELLS.replace("requests", "reqests"))))
        self.assertIn("did you mean 'requests'?", told)
        told = self.refused("run", str(self.suite(CELLS.replace("epoll/level/as_described", "epoll/level/as_describd"))))
        self.assertIn("did you mean 'epoll/level/as_described'?", told)

    def test_a_metric_of_a_gate_has_a_near_one(self):
        gate = self.suite('[[allowed]]\nmetric = "syscals"\nreason = "x"\n', "gate.toml")
        reference = str(tare.SOURCE / "results" / "reference")
        self.assertIn("did you mean 'syscalls'?", self.refused("compare", reference, reference, "--gate", str(gate)))

    def test_help_is_the_same_by_verb_and_by_option(self):
        for words in (("load",), ("list",), ("list", "cases"), ()):
            by_verb = tare.run("help", *words)
            self.assertEqual(by_verb.returncode, 0, by_verb.stderr)
            self.assertEqual(by_verb.stdout, tare.run(*words, "--help").stdout)
            self.assertNotIn("generate", by_verb.stdout)
        self.assertRegex(tare.run("help", "load").stdout, r"(?s)^Generate load.*Examples:\n  tare load .*Options:.*-c, --connections NUMBER")

    def test_durations_have_units(self):
        for text in ("50ms", "0.05", "0.05s"):
            done = tare.run("load", "--server", "epoll/ideal", "-d", text, "--warm-up", "0", "--format", "json")
            self.assertEqual(done.returncode, 0, done.stderr)
            elapsed_s = json.loads(done.stdout)["elapsed_ns"] / 1e9
            self.assertTrue(0.04 < elapsed_s < 2, elapsed_s)
        for text in ("10", "s", "1d", "50 ms"):
            self.assertIn("is no time", self.refused("calibrate", "--min-time", text + "x"))

    def test_short_options_of_load_are_its_long_ones(self):
        done = tare.run("load", "--server", "epoll/ideal", "-c", "3", "-t", "1", "-d", "50ms", "-r", "1000", "--warm-up", "0", "--format",
                        "csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [line.split(",") for line in done.stdout.splitlines()]
        self.assertEqual({row[8] for row in rows[1:]}, {"3"})
        self.assertIn("offered_per_s", done.stdout)


class Presentation(tare.Case):
    RED = "\033[31m"
    GREEN = "\033[32m"

    def check(self, *words, **environment):
        reference = tare.SOURCE / "results" / "reference"
        return subprocess.run([tare.PROGRAM, "check", reference, *words], capture_output=True, text=True, timeout=60, check=False,
                              env={**os.environ, **environment}).stdout

    def on_a_terminal(self, *words, **environment):
        """What the command writes to a terminal that is its stdout."""
        reading, writing = pty.openpty()
        environment = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
        subprocess.run([tare.PROGRAM, *words], stdout=writing, stderr=subprocess.DEVNULL, timeout=60, check=False, env=environment)
        os.close(writing)
        text = b""
        with contextlib.suppress(OSError):  # the end, where nobody writes any more
            while piece := os.read(reading, 65536):
                text += piece
        os.close(reading)
        return text.decode()

    def test_colour_is_for_terminals_unless_it_is_asked_for(self):
        self.assertNotIn("\033[", self.check())
        self.assertIn(self.GREEN, self.check("--color", "always"))
        self.assertIn(self.GREEN, self.check("--color", "always", NO_COLOR="1"))
        self.assertIn(self.GREEN, self.on_a_terminal("doctor", NO_COLOR=None))
        self.assertNotIn("\033[", self.on_a_terminal("doctor", NO_COLOR="1"))
        self.assertNotIn("\033[", self.on_a_terminal("doctor", "--color", "never", NO_COLOR=None))
        self.assertNotIn("\033[", self.on_a_terminal("--color=never", "doctor", NO_COLOR=None))

    def test_quiet_leaves_warnings_and_errors_alone(self):
        suite = str(self.suite(CELLS))
        loud = tare.run("run", suite, "--out", str(self.folder / "a"))
        self.assertIn("timing the probes first", loud.stderr)
        quiet = tare.run("run", suite, "-q", "--out", str(self.folder / "b"))
        self.assertEqual(quiet.returncode, 0, quiet.stderr)
        self.assertEqual([line for line in quiet.stderr.splitlines() if not line.startswith(("warning:", "and "))], [])
        self.assertTrue(quiet.stdout.strip())
        self.assertIn("no_such", tare.run("--quiet", "run", "no_such").stderr)

    def test_verbose_is_a_line_for_each_step(self):
        suite = str(self.suite(CELLS.replace('op = "get_hit"', 'op = ["get_hit", "set"]')))
        loud = tare.run("-v", "run", suite, "--out", str(self.folder / "results")).stderr
        self.assertRegex(loud, r"\[1/2.*get_hit 16 64\n\[2/2.* set 16 64\n")
        self.assertEqual(tare.run("run", "-q", "-v", "gate", "--dry-run").returncode, 2)


class Lists(tare.Case):
    def test_json_has_the_names_of_the_text(self):
        for what in ("servers", "suites", "probes", "metrics"):
            names = [line.split()[0] for line in tare.run("list", what).stdout.splitlines()]
            for words in (("list", what, "--format", "json"), ("list", "--format", "json", what)):
                self.assertEqual([row["name"] for row in json.loads(tare.run(*words).stdout)], names)
            self.assertGreater(len(names), 5)

    def test_cases_are_what_a_run_measures(self):
        suite = str(self.suite(CELLS.replace('op = "get_hit"', 'op = ["get_hit", "set"]')))
        cases = tare.run("list", "cases", suite)
        self.assertEqual(cases.returncode, 0, cases.stderr)
        names = [line.split("  ")[0] for line in cases.stdout.splitlines()]
        self.assertEqual(names, ["epoll/level/as_described counted get_hit 16 64", "epoll/level/as_described counted set 16 64"])
        only = tare.run("list", "cases", suite, "--only", " set ")
        self.assertEqual(only.stdout.splitlines(), cases.stdout.splitlines()[1:])
        rows = json.loads(tare.run("list", "cases", suite, "--format", "json").stdout)
        self.assertEqual([row["name"] for row in rows], names)
        run = self.run_suite(suite, "--only", " set ")
        self.assertEqual({row.op for row in tare.rows_of(run)}, {"set"})
        self.assertEqual(tare.run("list", "cases", suite, "--only", "nothing like it").returncode, 2)

    def test_dry_run_measures_nothing_and_says_how_long(self):
        load = CELLS + '''[[load]]
variant = "epoll/level/as_described"
build = "timed"
op = "get_hit"
key_bytes = 16
value_bytes = 64
connections = 4
duration_ms = 2000
warm_up_ms = 500
repetitions = 4
'''
        done = tare.run("run", str(self.suite(load)), "--dry-run", "--out", str(self.folder / "results"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse((self.folder / "results").exists())
        self.assertIn("mine: 2 cells, 5 steps, 0 contrasts", done.stdout)
        self.assertIn("time: 10.0 s for the windows and warm-ups of 4 steps under load", done.stdout)
        self.assertIn("not known before they ran for 1 step in lockstep", done.stdout)
        self.assertEqual(done.stdout.splitlines()[:2], tare.run("list", "cases", str(self.suite(load))).stdout.splitlines())
        self.assertRegex(tare.run("run", "contrasts", "--dry-run").stdout, r"time: at most .* for the contrasts")


class Doctor(tare.Case):
    def findings(self, prefix=()):
        done = tare.run("doctor", "--format", "json", prefix=prefix)
        self.assertEqual(done.returncode, 0, done.stderr)
        return {row["subject"]: row for row in json.loads(done.stdout)["findings"]}

    def test_json_and_table_say_the_same(self):
        rows = self.findings()
        table = tare.run("doctor").stdout.split("\n\n")[0].splitlines()
        self.assertRegex(table[0], "^state +subject +what was found$")
        self.assertEqual([line[:7].strip() for line in table[1:]], [row["state"] for row in rows.values()])
        for subject in ("kernel", "cores", "capabilities", "seccomp", "sysfs", "BTF", "tracefs", "perf events", "io_uring",
                        "reference servers", "probe system_calls"):
            self.assertIn(subject, rows)

    def test_without_capabilities_each_absent_row_has_a_remedy(self):
        tare.required(os.geteuid() == 0 and shutil.which("setpriv"), "root and setpriv")
        prefix = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
        rows = self.findings(prefix)
        self.assertEqual(rows["capabilities"]["state"], "absent")
        self.assertIn("CAP_BPF", rows["capabilities"]["detail"])
        self.assertEqual(rows["probe system_calls"]["state"], "absent")
        self.assertEqual(rows["probe system_calls"]["remedy"]["sentence"], "as for capabilities")
        for row in rows.values():
            self.assertEqual("remedy" in row, row["state"] == "absent", row)
        text = tare.run("doctor", prefix=prefix).stdout
        table, remedies = text.split("\n\nto mend what is absent (--fix-hints prints commands):\n")
        self.assertEqual(table.count("\nabsent"), len(remedies.splitlines()))

    def test_fix_hints_are_lines_for_a_shell(self):
        tare.required(os.geteuid() == 0 and shutil.which("setpriv"), "root and setpriv")
        done = tare.run("doctor", "--fix-hints", prefix=("setpriv", "--bounding-set=-all", "--inh-caps=-all"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"# capabilities: .*\n(sudo tare doctor|docker run --cap-add BPF .* IMAGE tare doctor)\n")
        self.assertEqual(subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=False, timeout=10).returncode, 0)

    def test_a_seccomp_filter_is_found_with_what_it_refuses(self):
        denies = tare.BUILD / "tare-deny-io-uring"
        tare.required(denies.exists(), "tare-deny-io-uring")
        rows = self.findings((denies,))
        self.assertEqual(rows["seccomp"]["state"], "absent")
        self.assertIn("io_uring_setup", rows["seccomp"]["detail"])
        self.assertIn("seccomp=unconfined", rows["seccomp"]["remedy"]["commands"][0])
        self.assertEqual(rows["wiring uring/oneshot"]["remedy"]["sentence"], "as for io_uring")
        self.assertEqual(rows["probe system_calls"]["state"], "ok")


class Command(tare.Case):
    def test_a_command_with_options_needs_no_mark(self):
        tare.required_probes("system_calls")
        done = tare.run("stat", "ls", "-la", "/")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("total", done.stderr)  # of ls -l
        self.assertRegex(done.stdout, "openat")

    def test_an_option_of_both_is_asked_about(self):
        victim = self.folder / "a.o"
        victim.write_text("mine", encoding="utf-8")
        done = tare.run("stat", "true", "-o", str(victim))
        self.assertEqual(done.returncode, 2)
        self.assertIn(f"put -- before the command\n  tare stat -- true -o {victim}", done.stderr)
        self.assertEqual(victim.read_text(encoding="utf-8"), "mine")


if __name__ == "__main__":
    tare.main()
