# SPDX-License-Identifier: Apache-2.0
"""What tare-ci does around a measurement, with a `tare` and a `curl` that only write down what they were given."""
import json
import os
import shutil
import subprocess

import tare

SCRIPT = tare.SOURCE / "ci" / "tare-ci"
TARE = r"""#!/bin/sh
env >"$SEEN/environment"
for word in "$@"; do
    case $word in markdown=*) echo measured >"${word#markdown=}" ;; esac
done
"""
# Shows the headers that come from a file, and finds no comment.
CURL = r"""#!/bin/sh
for word in "$@"; do
    case $word in @*/headers) cat "${word#@}" >>"$SEEN/headers" ;; esac
done
echo "[]"
"""
# Of a machine without a network.
INSTALLER = """#!/bin/sh
echo "$*" >>"$SEEN/installed"
exit 100
"""
GITHUB = {"GITHUB_API_URL": "http://127.0.0.1:9", "GITHUB_REPOSITORY": "some/thing"}
GITLAB = {"CI_API_V4_URL": "http://127.0.0.1:9", "CI_PROJECT_ID": "5", "CI_MERGE_REQUEST_IID": "7"}
TOKENS = {"GITHUB_TOKEN": "of-github", "TARE_CI_TOKEN": "of-gitlab"}


class Job(tare.Case):
    def setUp(self):
        super().setUp()
        self.programs = self.folder / "programs"
        self.programs.mkdir()
        self.program("tare", TARE)
        self.program("curl", CURL)

    def program(self, name, text):
        (self.programs / name).write_text(text, encoding="utf-8")
        (self.programs / name).chmod(0o755)

    def path_without_jq(self):
        folder = self.folder / "without_jq"
        if not folder.exists():
            folder.mkdir()
            for name in ("basename", "cat", "cp", "env", "grep", "id", "mkdir", "mkfifo", "mktemp", "rm", "sed", "sh", "tail", "tee"):
                (folder / name).symlink_to(shutil.which(name))
        return f"{self.programs}:{folder}"

    def event(self, **content):
        file = self.folder / "event.json"
        file.write_text(json.dumps(content), encoding="utf-8")
        return {**GITHUB, "GITHUB_EVENT_PATH": str(file)}

    def variables(self, given):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("CI_", "GITHUB_", "TARE_CI_"))}
        return {**kept, "PATH": f"{self.programs}:{kept['PATH']}", "SEEN": str(self.folder), "TMPDIR": str(self.folder), **given}

    def job(self, given, *arguments, code=0):
        done = subprocess.run([SCRIPT, *arguments, "ab", "suite.toml"], cwd=self.folder, env=self.variables(given),
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def seen(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def test_what_is_measured_has_no_token(self):
        self.job({**TOKENS, "github_token": "exported", "gitlab_token": "exported"}, "--comment", "never")
        environment = self.seen("environment")
        self.assertNotIn("of-git", environment)
        self.assertIn("SEEN=", environment)

    def test_a_service_is_sent_its_own_token_alone(self):
        tare.required(shutil.which("jq"), "jq")
        github = self.event(pull_request={"number": 7})
        for given, told in ((github, "Authorization: Bearer of-github\n"), (GITLAB, "PRIVATE-TOKEN: of-gitlab\n")):
            self.job({**given, **TOKENS})
            self.assertEqual(self.seen("headers"), told * 2)  # what is there is asked for, and one is added
            (self.folder / "headers").unlink()

    def test_a_job_of_no_request_needs_no_programs_for_a_comment(self):
        self.program("apt-get", INSTALLER)
        for content, token in (({"ref": "refs/heads/main"}, "of-github"), ({"pull_request": {"number": 7}}, "")):
            self.job({**TOKENS, **self.event(**content), "GITHUB_TOKEN": token, "PATH": self.path_without_jq()})
            self.assertFalse((self.folder / "installed").exists(), content)

    def test_a_comment_that_cannot_be_written_fails_nothing(self):
        self.program("apt-get", INSTALLER)
        self.program("curl", "#!/bin/sh\nexit 7\n")
        request = {**TOKENS, **self.event(pull_request={"number": 7})}
        self.assertIn("could not be written", self.job(request).stderr)
        del request["GITHUB_API_URL"]
        self.assertIn("could not be written", self.job(request).stderr)
        done = self.job({**request, "PATH": self.path_without_jq()})
        self.assertIn("no comment", done.stderr)
        self.assertTrue((self.folder / "installed").exists())

    def test_a_signal_leaves_no_file_of_the_job_behind(self):
        for signal, code in (("HUP", 129), ("INT", 130), ("TERM", 143)):
            self.program("tare", f"#!/bin/sh\nkill -{signal} $PPID\n")
            self.job({}, "--comment", "never", code=code)
            self.assertEqual(list(self.folder.glob("tmp.*")), [])

    def test_what_root_wrote_is_given_back_to_who_became_root(self):
        tare.required(os.geteuid() == 0, "root")
        # A user who may become root, as far as the script can see.
        self.program("id", "#!/bin/sh\necho 12345\n")
        self.program("sudo", '#!/bin/sh\nshift\nexec "$@"\n')
        subprocess.run(["git", "init", "-q", self.folder], check=True)
        outside = self.folder / "outside"
        outside.touch()
        (self.folder / "tare-ci").mkdir()
        (self.folder / "tare-ci" / "link").symlink_to(outside)
        self.job({}, "--comment", "never")
        for name in ("tare-ci", "tare-ci/comment.md", "tare-ci/link", ".git/HEAD"):
            status = (self.folder / name).lstat()
            self.assertEqual((status.st_uid, status.st_gid), (12345, 12345), name)
        self.assertEqual(outside.stat().st_uid, 0)


if __name__ == "__main__":
    tare.main()
