# SPDX-License-Identifier: Apache-2.0
"""`tare check`: written claims held against runs of the example's server with and without its patch, and a first file made from a
run of memcached."""
import json
import shutil
import subprocess
import xml.etree.ElementTree

import tare

ECHO = tare.SOURCE / "examples" / "echo"
LOCKSTEP = ("--only", " (get_hit|set) 16 64$")
MEMCACHED = """description = "memcached"
[server.memcached]
argv = ["memcached", "-l", "127.0.0.1", "-p", "{port}", "-U", "0", "-t", "1", "-u", "root"]
[[cells]]
variant = "memcached"
op = ["get_hit", "set"]
key_bytes = 16
value_bytes = 64
requests = 300
"""


class Check(tare.Case):
    def check(self, *arguments, code):
        done = tare.run("check", *map(str, arguments))
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def echo_run(self, patch=None):
        """A run of the example's suite on its server, built here."""
        root = self.folder / (patch or "plain")
        root.mkdir()
        for name in ("echo.c", "Makefile"):
            shutil.copy(ECHO / name, root)
        if patch:
            subprocess.run(["patch", "--quiet", "-p1", "-i", ECHO / f"{patch}.patch"], cwd=root, check=True)
        subprocess.run(["make", "-s"], cwd=root, check=True)
        return self.run_suite(ECHO / "suite.toml", "--root", str(root), *LOCKSTEP)


class Echo(Check):
    def setUp(self):
        super().setUp()
        tare.required_probes("system_calls", "allocations", "copies")

    def test_the_example_holds_what_it_claims(self):
        run = self.echo_run()
        done = self.check(run, code=0)
        self.assertNotIn("disproved", done.stdout)
        self.assertNotIn("not judged", done.stdout)
        self.assertIn("one counter: bpf", done.stdout)
        self.assertEqual((run / "claims.toml").read_text(), (ECHO / "claims.toml").read_text())
        subprocess.run(["sha256sum", "--quiet", "-c", "COMPLETE"], cwd=run, check=True)
        # The run keeps its claims: what the file says today is asked for by name.
        self.check(run, "--claims", ECHO / "claims.toml", code=0)
        self.assertEqual(tare.run("report", str(run)).returncode, 0)
        self.assertIn("## Claims checked", (run / "report.md").read_text())
        self.assertEqual({row["verdict"] for row in tare.claims_of(run)}, {"confirmed"})
        with open(run / "claims.toml", "a", encoding="utf-8") as file:
            file.write("# edited\n")
        self.check(run, code=3)

    def test_a_patch_that_adds_a_system_call_is_told_with_the_part(self):
        run = self.echo_run("adds_a_system_call")
        files = {name: self.folder / name for name in ("markdown", "json", "junit", "annotations")}
        done = self.check(run, *(f"--format={name}={path}" for name, path in files.items()), code=1)
        self.assertIn("epoll_ctl: not claimed, measured 1", done.stdout)
        self.assertIn("disproved", done.stderr)
        text = {name: path.read_text() for name, path in files.items()}
        self.assertIn("epoll_ctl: not claimed, measured 1", text["markdown"])
        self.assertLess(len(text["markdown"].splitlines()), 40)
        document = json.loads(text["json"])
        self.assertEqual(document["exit_code"], 1)
        disproved = [each for each in document["judgements"] if each["verdict"] == "disproved"]
        self.assertEqual({each["op"] for each in disproved}, {"get_hit", "set"})
        self.assertEqual({each["metric"] for each in disproved}, {"syscalls"})
        suite = xml.etree.ElementTree.fromstring(text["junit"]).find("testsuite")
        self.assertEqual(suite.get("failures"), str(len(disproved)))
        errors = [line for line in text["annotations"].splitlines() if line.startswith("::error ")]
        self.assertEqual(len(errors), len(disproved))
        self.assertRegex(errors[0], r"^::error file=.*claims\.toml,line=\d+,title=.*epoll_ctl%3A not claimed|^::error file=.*epoll_ctl")


class Files(Check):
    """What is asked of a run that does not have it; of runs without servers of their own, so that little has to be there."""

    def setUp(self):
        super().setUp()
        suite = self.suite('description = "one cell"\n[[cells]]\nvariant = "epoll/level/as_described"\nbuild = "counted"\n'
                           'op = "get_hit"\nkey_bytes = 16\nvalue_bytes = 64\nrequests = 50\n')
        self.one_cell = self.run_suite(suite)

    def claims(self, text):
        return self.suite(text, "claims.toml")

    def claim(self, rest, server="epoll/level/as_described", must=False):
        return self.claims(f'[[claim]]\nid = "c"\nserver = "{server}"\nmetric = "syscalls"\nmust = {str(must).lower()}\n{rest}\n')

    def test_what_the_run_does_not_have_is_not_judged_and_what_there_is_is_told(self):
        for rest, server, there in (("value = 3\n", "nginx", "epoll/level/as_described"),
                                    ('op = "delete"\nvalue = 3\n', "epoll/level/as_described", "there is: get_hit"),
                                    ('value_bytes = 9\nop = "get_hit"\nvalue = 3\n', "epoll/level/as_described", "get_hit 16 64"),
                                    ("value = 3\nsites = {work = 1}\n", "epoll/level/as_described", "call_sites")):
            with self.subTest(rest):
                done = self.check(self.one_cell, "--claims", self.claim(rest, server), code=0)
                self.assertIn("not judged", done.stdout)
                self.assertIn(there, done.stdout)
                self.check(self.one_cell, "--claims", self.claim(rest, server, must=True), code=4)

    def test_a_disproved_claim_is_told_before_one_that_cannot_be_judged(self):
        claims = self.claims('[[claim]]\nid = "a"\nserver = "nginx"\nmetric = "syscalls"\nvalue = 3\nmust = true\n'
                             '[[claim]]\nid = "b"\nserver = "epoll/level/as_described"\nmetric = "syscalls"\nvalue = 2\n')
        done = self.check(self.one_cell, "--claims", claims, code=1)
        self.assertLess(done.stdout.index("epoll/level"), done.stdout.index("nginx"))

    def test_a_wrong_file_is_refused_with_its_line(self):
        done = self.check(self.one_cell, "--claims", self.claim("value = 3\nparts = {recvfrm = 3}"), code=2)
        self.assertIn("claims.toml:7: 'recvfrm' is no part of syscalls", done.stderr)
        self.check(self.one_cell, "--claims", self.folder / "none.toml", code=2)
        self.assertIn("--claims FILE", self.check(self.one_cell, code=2).stderr)

    def test_a_suite_whose_claims_cannot_be_read_is_not_run(self):
        text = 'description = "x"\nclaims = "mine-claims.toml"\n[[cells]]\nvariant = "epoll/level/as_described"\n' \
               'build = "counted"\nop = "get_hit"\nkey_bytes = 16\nvalue_bytes = 64\nrequests = 50\n'
        suite = self.suite(text, "claiming.toml")
        self.run_suite(suite, code=2)
        self.assertIn("claiming.toml:2", self.stderr)
        self.suite('[[claim]]\nid = "c"\n', "mine-claims.toml")
        self.run_suite(suite, code=2)
        self.assertIn("mine-claims.toml:1: 'server' is missing", self.stderr)

    def test_a_first_file_holds_for_its_run_and_is_never_written_over(self):
        first = self.folder / "first.toml"
        self.check("--write", first, self.one_cell, code=0)
        self.assertIn("epoll_wait", first.read_text())
        self.check(self.one_cell, "--claims", first, code=0)
        self.assertIn("may have been edited", self.check("--write", first, self.one_cell, code=2).stderr)
        first.write_text(first.read_text().replace("epoll_wait = 1", "epoll_wait = 2").replace("recvfrom = 1", "recvfrom = 0"))
        self.assertIn("epoll_wait: claimed 2, measured 1", self.check(self.one_cell, "--claims", first, code=1).stdout)


class Memcached(Check):
    def test_a_first_file_passes_on_the_next_run(self):
        tare.required_probes("system_calls", "allocations", "copies")
        tare.required(shutil.which("memcached"), "memcached")
        suite = self.suite(MEMCACHED)
        first = self.folder / "first.toml"
        self.check("--write", first, self.run_suite(suite), code=0)
        self.assertIn('server = "memcached"', first.read_text())
        self.check(self.run_suite(suite), "--claims", first, code=0)


if __name__ == "__main__":
    tare.main()
