# SPDX-License-Identifier: Apache-2.0
"""`tare compare` on real runs: a run against its like is the same, a server with one call more is found and its part named, and
every format is read by the program that it is for."""
import hashlib
import json
import os
import pathlib
import pty
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree

import tare

SCHEMA = pathlib.Path(__file__).with_name("junit.xsd")
COMPARE_PY = pathlib.Path("/usr/share/benchmark/compare.py")
PYTHON = "/usr/bin/python3"  # Debian's, which has Debian's modules
# The server of one name is another's: what a patch to it would be.
IMPOSTOR = '''#!/bin/sh
case "$*" in *--list*|*--settings*|*--predict*) exec {build}/tare-server "$@";; esac
variant=$(echo "$1" | sed s/as_described/{rung}/)
shift
exec {folder}/{name} "$variant" "$@"
'''


ONLY = ("--only", "^epoll/level/as_described counted get_hit ")
FOLDER = None  # of this file's runs
RUNS = {}
# What the built-in gate does not judge: what else the machine runs decides it.
UNGATED = {"context_switches", "futex_waits", "page_faults"}


def impostor(folder, rung):
    """A folder of servers that answer to as_described and are `rung` of the servers in `folder`."""
    servers = FOLDER / f"servers-{rung}"
    servers.mkdir()
    for name in ("tare-server", "tare-server-counted"):
        script = servers / name
        script.write_text(IMPOSTOR.format(build=tare.BUILD, folder=folder, name=name, rung=rung), encoding="utf-8")
        script.chmod(0o755)
    return str(servers)


def measured(*arguments):
    done = tare.run("run", "gate", "--out", str(FOLDER / "results"), *arguments, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def setUpModule():
    """Two runs alike, and one cell of two servers."""
    global FOLDER
    temporary = tempfile.TemporaryDirectory(prefix="tare-test-")
    unittest.addModuleCleanup(temporary.cleanup)
    FOLDER = pathlib.Path(temporary.name)
    RUNS.update(base=measured("--only", " counted "), again=measured("--only", " counted "), small=measured(*ONLY),
                fewer=measured(*ONLY, "--servers", impostor(tare.BUILD, "in_place_input")))


class Runs(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=FOLDER))
        self.base, self.again, self.small, self.fewer = (RUNS[name] for name in ("base", "again", "small", "fewer"))

    def compared(self, base, head, *arguments, code):
        done = tare.run("compare", base, head, *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def rows(self, base, head, code):
        return json.loads(self.compared(base, head, "--format", "json", code=code).stdout)["rows"]


class Verdicts(Runs):
    def test_a_run_against_its_like_is_the_same(self):
        rows = self.rows(self.base, self.again, code=0)
        self.assertGreater(len(rows), 500)
        seen = {}
        for row in rows:
            if row["metric"] not in UNGATED:
                seen.setdefault(row["verdict"], []).append(row)
        self.assertLessEqual(set(seen), {"same", "absent"} if tare.absences() else {"same"}, seen.get("worse"))
        self.assertEqual(len({json.dumps(row["cell"]) for row in rows}), 32)
        text = self.compared(self.base, self.again, code=0).stdout
        self.assertIn("gate passed", text)
        self.assertLess(len(text.splitlines()), 60)

    def test_a_rung_less_is_an_allocation_more_by_ledger_alone(self):
        text = self.compared(self.fewer, self.small, code=1).stdout
        self.assertRegex(text, r"allocations +\S.* 5 -> 6  \+1 \(\+20.0 %\)  worse, gate crossed")
        self.assertRegex(text, r"  allocations input_copy +ledger +0 -> 1 ")
        better = self.compared(self.small, self.fewer, code=0).stdout
        self.assertRegex(better, r"  allocations input_copy +ledger +1 -> 0 .*better")

    def test_what_no_ledger_was_told_is_found_and_named(self):
        tare.required_probes("system_calls", "allocations", "copies")
        for rung, metric, part in (("planted_call", "syscalls", "getppid"), ("planted_allocation", "allocations", "malloc"),
                                   ("planted_copy", "copies", "memcpy_memmove")):
            with self.subTest(rung):
                head = measured(*ONLY, "--servers", impostor(tare.BUILD / "planted", rung))
                rows = self.rows(self.small, head, code=1)
                worse = {(row["source"], row["metric"], row["detail"]): row["difference"] for row in rows
                         if row["verdict"] == "worse" and row["metric"] not in UNGATED}
                self.assertEqual(worse["bpf", metric, ""], 1)
                self.assertEqual(worse["bpf", metric, part], 1)
                self.assertEqual({source for source, _, _ in worse}, {"bpf"})
                annotations = self.compared(self.small, head, "--format", "annotations", code=1).stdout
                self.assertRegex(annotations, rf"::error title=tare%3A gate crossed::.*{metric}.*\({part} \d+ -> \d+\)")

    def test_what_is_planted_at_rates_that_divide_no_window_is_found_and_named(self):
        """Of the suite's windows of 200 and 400 requests, one in 333 falls into one or both, and never into each alike."""
        tare.required_probes("system_calls", "allocations", "copies")
        for rung, metric, part in (("planted_allocation_in_7", "allocations", "malloc"), ("planted_call_in_333", "syscalls", "getppid"),
                                   ("planted_copy_in_333", "copies", "memcpy_memmove")):
            with self.subTest(rung):
                head = measured(*ONLY, "--servers", impostor(tare.BUILD / "planted", rung))
                worse = {(row["source"], row["metric"], row["detail"]): row for row in self.rows(self.small, head, code=1)
                         if row["verdict"] == "worse" and row["metric"] not in UNGATED}
                every = int(rung.rsplit("_", 1)[1])
                for detail in ("", part):
                    self.assertAlmostEqual(worse["bpf", metric, detail]["difference"], 1 / every, delta=1 / 600)
                self.assertEqual(worse["bpf", metric, ""]["certain_one_in"], 600)
                self.assertEqual({source for source, _, _ in worse}, {"bpf"})

    def test_an_increase_with_a_reason_is_allowed(self):
        gate = self.folder / "gate.toml"
        gate.write_text('[[allowed]]\nmetric = "*"\nreason = "the copy is back for the old clients"\n', encoding="utf-8")
        text = self.compared(self.fewer, self.small, "--gate", str(gate), code=0).stdout
        self.assertIn("worse, allowed: the copy is back", text)

    def test_what_the_head_no_longer_has_is_not_decided(self):
        self.assertIn("gate not decided", self.compared(self.base, self.small, code=4).stdout)
        self.compared(self.small, self.base, code=0)


class Formats(Runs):
    def test_all_at_once_and_each_read_by_its_reader(self):
        names = ("markdown", "json", "junit", "benchmark", "github-action-benchmark", "bencher", "annotations")
        outputs = {name: self.folder / f"out.{name}" for name in names}
        arguments = [argument for name, path in outputs.items() for argument in ("--format", f"{name}={path}")]
        done = self.compared(self.fewer, self.small, *arguments, code=1)
        self.assertIn("gate crossed", done.stdout)
        rows = json.loads(outputs["json"].read_text(encoding="utf-8"))["rows"]
        self.check_junit(outputs["junit"], rows)
        self.check_markdown(outputs["markdown"])
        self.check_benchmark(outputs["benchmark"], rows)
        for name in ("github-action-benchmark", "bencher"):
            self.assertTrue(json.loads(outputs[name].read_text(encoding="utf-8")))
        for point in json.loads(outputs["github-action-benchmark"].read_text(encoding="utf-8")):
            self.assertEqual(set(point), {"name", "unit", "value", "extra"})

    def check_junit(self, path, rows):
        tare.required(shutil.which("xmllint"), "xmllint")
        done = subprocess.run(["xmllint", "--noout", "--schema", SCHEMA, path], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        suites = ElementTree.parse(path).getroot()
        self.assertEqual(int(suites.get("failures")), sum(row["outcome"] == "crossed" for row in rows))
        self.assertEqual(len(list(suites.iter("failure"))), int(suites.get("failures")))
        self.assertEqual(len(list(suites.iter("testcase"))), sum(row["outcome"] != "not gated" for row in rows))
        self.assertIn("input_copy 0 -> 1", "".join(failure.text or "" for failure in suites.iter("failure")))

    def check_markdown(self, path):
        text = path.read_text(encoding="utf-8")
        html = subprocess.run([PYTHON, "-c", "import markdown, sys; print(markdown.markdown(sys.stdin.read(), extensions=['tables']))"],
                              input=text, capture_output=True, text=True, check=False)
        if html.returncode != 0:
            tare.required(False, "python3-markdown")
        self.assertEqual(html.stdout.count("<table>"), len(re.findall(r"^\|---", text, re.M)))
        self.assertGreater(html.stdout.count("<table>"), 0)
        self.assertNotIn("|", re.sub(r"<code>.*?</code>", "", html.stdout))
        self.assertIn("<strong>worse</strong>", html.stdout)

    def check_benchmark(self, path, rows):
        tare.required(COMPARE_PY.is_file(), "libbenchmark-tools")
        if subprocess.run([PYTHON, "-c", "import scipy"], capture_output=True, check=False).returncode != 0:
            tare.required(False, "python3-scipy")
        diff = self.folder / "diff.json"
        done = subprocess.run([PYTHON, COMPARE_PY, "--no-color", "-d", diff, "filters", path, "^base/", "^head/"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        compared = {each["name"]: each["measurements"] for each in json.loads(diff.read_text(encoding="utf-8"))}
        more = [name for name, windows in compared.items() if "allocations by ledger" in name and windows[0]["time"] == 0.2]
        self.assertEqual(len(more), 1, done.stdout)
        self.assertGreaterEqual(len(compared), len(rows))

    def test_step_summary_is_appended_to_only_when_asked(self):
        summary = self.folder / "summary.md"
        summary.write_text("before\n", encoding="utf-8")
        for arguments, expected in (((), "before\n"), (("--step-summary",), "before\n## tare: gate passed")):
            subprocess.run([tare.PROGRAM, "compare", self.small, self.small, *arguments], check=True, capture_output=True,
                           env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)})
            self.assertTrue(summary.read_text(encoding="utf-8").startswith(expected))
            self.assertEqual("##" in summary.read_text(encoding="utf-8"), bool(arguments))

    def test_output_goes_to_the_file(self):
        path = self.folder / "text"
        self.assertEqual(self.compared(self.small, self.small, "--output", str(path), code=0).stdout, "")
        self.assertIn("gate passed", path.read_text(encoding="utf-8"))

    def on_terminal(self, **environment):
        master, slave = pty.openpty()
        kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
        with subprocess.Popen([tare.PROGRAM, "compare", self.small, self.fewer], stdout=slave, stderr=subprocess.DEVNULL,
                              env={**kept, **environment}):
            os.close(slave)
            text = b""
            try:
                while piece := os.read(master, 65536):
                    text += piece
            except OSError:  # the other end is closed
                pass
        os.close(master)
        return text

    def test_colour_on_a_terminal_only(self):
        self.assertIn(b"\x1b[32mbetter", self.on_terminal())
        self.assertNotIn(b"\x1b", self.on_terminal(NO_COLOR="1"))
        self.assertNotIn("\x1b", self.compared(self.small, self.fewer, code=0).stdout)


class Refusals(Runs):
    def changed(self, change):
        """A copy of a run whose environment was changed and summed anew."""
        copy = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "run"
        shutil.copytree(self.small, copy)
        environment = json.loads((copy / "environment.json").read_text(encoding="utf-8"))
        change(environment)
        (copy / "environment.json").write_text(json.dumps(environment), encoding="utf-8")
        sums = [f"{hashlib.sha256((copy / name).read_bytes()).hexdigest()}  {name}\n"
                for name in ("observations.csv", "environment.json")]
        (copy / "COMPLETE").write_text("".join(sums), encoding="utf-8")
        return str(copy)

    def test_another_kernel_is_refused_by_name_and_can_be_forced(self):
        head = self.changed(lambda environment: environment["machine"].update(kernel="Linux 1.0"))
        done = self.compared(self.small, head, code=3)
        self.assertIn("machine.kernel: base 'Linux", done.stderr)
        self.assertEqual(done.stdout, "")
        forced = self.compared(self.small, head, "--force-incomparable", "machine.kernel", code=0).stdout
        self.assertIn("INCOMPARABLE, compared by force: machine.kernel", forced)
        self.assertEqual(tare.run("compare", self.small, head, "--force-incomparable", "machine.colour").returncode, 2)

    def test_a_flipped_byte_and_a_missing_sum(self):
        head = pathlib.Path(self.changed(lambda environment: None))
        data = bytearray((head / "observations.csv").read_bytes())
        data[len(data) // 2] ^= 1
        (head / "observations.csv").write_bytes(data)
        self.assertIn("observations.csv", self.compared(self.small, str(head), code=3).stderr)
        (head / "COMPLETE").unlink()
        self.assertIn("partial", self.compared(self.small, str(head), code=3).stderr)

    def test_usage(self):
        for arguments, told in (((), "BASE HEAD"), ((self.small, self.small, "--format", "yaml"), "customSmallerIsBetter"),
                                ((self.small, self.small, "--format", "json", "--format", "junit"), "two formats"),
                                ((self.small, self.small, "--gate", "no_such.toml"), "no_such.toml"),
                                ((self.small, self.small, "--format", "json="), "no file")):
            done = tare.run("compare", *arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(told, done.stderr)

    def test_the_built_in_gate_can_be_printed_and_given_back(self):
        gate = self.folder / "printed.toml"
        gate.write_text(tare.run("compare", "--print-gate").stdout, encoding="utf-8")
        self.compared(self.small, self.small, "--gate", str(gate), code=0)


if __name__ == "__main__":
    tare.main()
