# SPDX-License-Identifier: Apache-2.0
"""The Debian package as somebody gets it: judged by lintian, installed by apt in a root where nothing else is, and used there; and
a job of another project's CI, with the request's comments, without a network."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import bare_root
import request_api
import tare

PORT = 8787
SUITE = '''description = "memcached, one request at a time"
claims = "claims.toml"
[server.memcached]
argv = ["memcached", "-l", "127.0.0.1", "-p", "{port}", "-U", "0", "-t", "1", "-u", "root"]
[[cells]]
variant = "memcached"
op = "get_hit"
key_bytes = 16
value_bytes = 64
requests = 200
'''
CLAIMS = '''[[claim]]
id = "get-calls"
server = "memcached"
op = "get_hit"
metric = "syscalls"
value = 3
reason = "one wait, one read and one write"
must = true
'''
TOOL = "#!/bin/sh\nfor name in {}; do test -e /$name; done\n"


class Package(tare.Case):
    @classmethod
    def setUpClass(cls):
        tare.required(os.geteuid() == 0, "root")
        tare.required(shutil.which("lintian"), "lintian")
        tare.required(shutil.which("dpkg-shlibdeps"), "dpkg-dev")
        folder = tempfile.TemporaryDirectory(prefix="tare-package-")
        cls.addClassCleanup(folder.cleanup)
        cls.root = bare_root.BareRoot(folder.name)
        # Compressed less than a release: it is to be installed once.
        subprocess.run(["cpack", "--config", tare.BUILD / "CPackConfig.cmake", "-B", f"{folder.name}/packages", "-D",
                        "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"], check=True, stdout=subprocess.DEVNULL, cwd=folder.name)
        cls.packages = sorted((cls.root.top / "packages").glob("*.deb"))
        for package in cls.packages:
            cls.root.copy(package, f"/packages/{package.name}")
        cls.root.install("memcached", "curl", "jq", *(f"/packages/{package.name}" for package in cls.packages))
        cls.root.write("/job/suite.toml", SUITE)
        cls.root.write("/job/claims.toml", CLAIMS)
        for side, names in (("old", "etc usr"), ("new", "etc usr var")):
            cls.root.write(f"/job/{side}/tool", TOOL.format(names), 0o755)
        cls.root.write("/job/event.json", json.dumps({"pull_request": {"number": 7}}))

    def here(self, *command, code=0, **options):
        done = self.root.run(*command, **options)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_there_are_two_packages_of_which_lintian_finds_no_error(self):
        self.assertEqual([package.name.split("_")[0] for package in self.packages], ["tare-dbgsym", "tare"])
        done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", *self.packages], capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("no-manual-page", done.stdout)

    def test_doctor_says_of_the_root_what_it_says_of_this_machine(self):
        def verdicts(text):
            # What mends stands below them.
            lines = text.split("\n\n")[0].splitlines()
            return {line[8:40].strip(): line.split()[0] for line in lines}

        self.assertEqual(verdicts(self.here("tare", "doctor").stdout), verdicts(tare.run("doctor").stdout))

    def test_a_command_is_counted(self):
        tare.required_probes("system_calls")
        self.assertRegex(self.here("tare", "stat", "--", "ls", "/job").stdout, r"syscalls +\d+")

    def test_a_suite_of_the_package_runs_and_is_checked(self):
        tare.required_probes("system_calls")
        self.here("tare", "run", "servers", "--only", r"^memcached .*get_hit 16 64$", "--out", "/results")
        self.here("tare", "report", "/results/latest")
        self.here("tare", "check", "/results/latest", "--claims", "/job/claims.toml")
        self.root.write("/job/wrong.toml", CLAIMS.replace("value = 3", "value = 2"))
        done = self.here("tare", "check", "/results/latest", "--claims", "/job/wrong.toml", code=1)
        self.assertIn("claimed 2, measured 3", done.stdout)

    def test_what_a_package_promises_is_there(self):
        self.assertIn("Apache-2.0", self.here("cat", "/usr/share/doc/tare/copyright").stdout)
        self.assertIn("ci/tare-ci", self.here("cat", "/usr/share/doc/tare/docs/ci/adopting.md").stdout)
        version = self.here("dpkg-query", "-W", "-f", "${Version}", "tare").stdout
        self.assertTrue(version.startswith(re.match(r"tare ([\d.]+)", self.here("tare", "--version").stdout)[1]), version)
        needed = self.here("dpkg-query", "-W", "-f", "${Depends}", "tare").stdout
        for library in ("libc6", "liburing2", "libbpf1", "libdw1"):
            self.assertIn(library, needed)

    def job(self, memory, variables, *arguments, code=0, root=None, program="tare-ci"):
        """tare-ci, in a network that has nothing but an API whose memory is that file."""
        with subprocess.Popen([*bare_root.WITHOUT_NETWORK, sys.executable, "-B", request_api.__file__, str(PORT), str(memory)],
                              stdout=subprocess.PIPE, text=True) as api:
            try:
                self.assertEqual(api.stdout.readline(), "accepts\n")
                done = (root or self.root).run("sh", "-c", 'cd /job && exec "$@"', "sh", program, *arguments, network=api.pid,
                                               variables=variables)
            finally:
                api.kill()
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def test_a_job_keeps_one_comment_up_to_date(self):
        tare.required_probes("system_calls")
        here = f"http://127.0.0.1:{PORT}"
        github = (f"GITHUB_API_URL={here}", "GITHUB_REPOSITORY=some/thing", "GITHUB_EVENT_PATH=/job/event.json",
                  f"GITHUB_TOKEN={request_api.TOKEN}", "GITHUB_STEP_SUMMARY=/job/summary")
        gitlab = (f"CI_API_V4_URL={here}", "CI_PROJECT_ID=5", "CI_MERGE_REQUEST_IID=7", f"TARE_CI_TOKEN={request_api.TOKEN}")
        sides = ("--base-root", "old", "--head-root", "new", "--", "{root}/tool")
        for name, variables, change in (("github", github, "PATCH"), ("gitlab", gitlab, "PUT")):
            with self.subTest(name):
                memory = self.folder / f"{name}.json"
                # Those of others fill the first page, and one quotes the marker.
                others = [{"id": number, "body": "> <!-- tare-ci: tare -->"} for number in range(100)]
                memory.write_text(json.dumps({"comments": others, "asked": []}), encoding="utf-8")
                self.job(memory, variables, "check", "suite.toml")
                comments = json.loads(memory.read_text(encoding="utf-8"))["comments"]
                self.assertEqual(len(comments), 101)
                self.assertTrue(comments[-1]["body"].startswith("<!-- tare-ci: tare -->\n"), comments[-1])
                self.assertIn("get-calls", comments[-1]["body"])
                self.assertIn("<testsuite", self.root.read("/job/tare-ci/tare.xml"))
                done = self.job(memory, variables, "--words", f"ab {shlex.join(sides)}", code=1)
                told = json.loads(memory.read_text(encoding="utf-8"))
                self.assertEqual(len(told["comments"]), 101, done.stderr)
                self.assertEqual(told["comments"][:-1], others)
                self.assertIn("tool", told["comments"][-1]["body"])
                self.assertNotIn("get-calls", told["comments"][-1]["body"])
                self.assertEqual([asked.split()[0] for asked in told["asked"]], ["GET", "GET", "POST", "GET", "GET", change])
        # The last was GitLab's.
        self.job(memory, variables, "--id", "other", "check", "no_such_suite", code=2)
        self.assertEqual(len(json.loads(memory.read_text(encoding="utf-8"))["comments"]), 102)
        self.assertIn("tool", self.root.read("/job/summary"))

    def test_a_job_installs_a_release_whose_checksums_hold(self):
        root = bare_root.BareRoot(self.folder)
        root.install("curl", "jq")
        root.copy(tare.SOURCE / "ci" / "tare-ci", "/job/tare-ci-of-the-action")
        release = self.folder / "release"
        release.mkdir()
        for package in self.packages:
            shutil.copy(package, release)
        (release / "notes.txt").write_text("no package\n", encoding="utf-8")
        names = [package.name for package in self.packages]
        sums = subprocess.run(["sha256sum", *names], cwd=release, capture_output=True, text=True, check=True).stdout
        memory = self.folder / "memory.json"
        memory.write_text(json.dumps({"comments": [], "asked": [], "release": str(release)}), encoding="utf-8")
        variables = (f"GITHUB_API_URL=http://127.0.0.1:{PORT}", f"GITHUB_TOKEN={request_api.TOKEN}")
        done = self.job(memory, variables, "--deb", "/job/none.deb", "check", "no_such_suite", code=2, root=root,
                        program="/job/tare-ci-of-the-action")
        self.assertIn("--deb /job/none.deb: no such file", done.stderr)
        done = self.job(memory, variables, "--release", "@", "check", "no_such_suite", code=2, root=root,
                        program="/job/tare-ci-of-the-action")
        self.assertIn("give its package with --deb", done.stderr)
        arguments = ("--release", "some/thing@v1", "check", "no_such_suite")
        wrong = "0000" + sums[4:]
        missing = "".join(sums.splitlines(keepends=True)[:1])
        for text, told, code in ((wrong, "missing or wrong", 5), (missing, "missing or wrong", 5), (sums, "is neither a suite", 2)):
            (release / "SHA256SUMS").write_text(text, encoding="utf-8")
            done = self.job(memory, variables, *arguments, code=code, root=root, program="/job/tare-ci-of-the-action")
            self.assertIn(told, done.stderr)
        self.assertEqual(root.run("tare", "--version").returncode, 0)

    def test_a_comment_that_is_refused_and_a_suite_that_cannot_run_are_told(self):
        tare.required_probes("system_calls")
        # What this job writes may not be taken for what the next one found.
        self.here("sh", "-c", "cd /job && tare-ci --claims claims.toml check suite.toml")
        memory = self.folder / "refused.json"
        memory.write_text(json.dumps({"comments": [], "asked": []}), encoding="utf-8")
        variables = [f"CI_API_V4_URL=http://127.0.0.1:{PORT}", "CI_PROJECT_ID=5", "CI_MERGE_REQUEST_IID=7", "TARE_CI_TOKEN=wrong"]
        done = self.job(memory, variables, "check", "no_such_suite", code=2)
        self.assertIn("the comment could not be written", done.stderr)
        variables[-1] = f"TARE_CI_TOKEN={request_api.TOKEN}"
        self.job(memory, variables, "check", "no_such_suite", code=2)
        body = json.loads(memory.read_text(encoding="utf-8"))["comments"][0]["body"]
        self.assertIn("exit code 2", body)
        self.assertIn("'no_such_suite' is neither a suite nor a file", body)


if __name__ == "__main__":
    tare.main()
