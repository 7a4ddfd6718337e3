# SPDX-License-Identifier: Apache-2.0
"""`tare report` with its page: what it leaves in the folder, what it says, and that COMPLETE holds whatever happens."""
import json
import os
import subprocess
import sys

import made_up_run as made_up

sys.path.insert(0, str(made_up.SOURCE / "tests" / "system"))
import tare


def report(run, prefix=(), **environment):
    return subprocess.run([*prefix, tare.PROGRAM, "report", run], capture_output=True, text=True, timeout=300, check=False,
                          env={**os.environ, **environment})


class Command(tare.Case):
    def setUp(self):
        super().setUp()
        self.run_folder = made_up.copy_of_reference(self.folder)

    def module(self, name, text):
        """A folder in which module NAME is this text."""
        folder = self.folder / f"with_{name}"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
        return folder

    def with_package(self, name, text):
        """What goes before a command for which the package NAME is this text, by a mount that nobody else sees."""
        tare.required(os.geteuid() == 0, "root")
        place = subprocess.run(["/usr/bin/python3", "-c", f"import {name}; print({name}.__path__[0])"], capture_output=True, text=True,
                               check=True).stdout.strip()
        self.module("__init__", text)
        return ["unshare", "-m", "sh", "-c", 'mount --bind "$1" "$2" && shift 2 && exec "$@"', "sh",
                self.folder / "with___init__", place]

    def complete(self):
        """The names that COMPLETE lists, which hold and are all there is."""
        done = subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "COMPLETE"], cwd=self.run_folder, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        names = {line.split("  ", 1)[1] for line in (self.run_folder / "COMPLETE").read_text(encoding="utf-8").splitlines()}
        there = {str(path.relative_to(self.run_folder)) for path in self.run_folder.rglob("*") if path.is_file()}
        self.assertEqual(names, there - {"COMPLETE"})
        return names

    def leave_an_earlier_page(self):
        made_up.write_figures(self.run_folder, made_up.figures())
        (self.run_folder / "report.html").write_text("earlier", encoding="utf-8")
        (self.run_folder / "figures" / "earlier.svg").write_text("earlier", encoding="utf-8")

    def test_the_page_is_written_and_summed(self):
        self.leave_an_earlier_page()
        done = report(self.run_folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, f"{self.run_folder}/report.md\n")
        self.assertIn(f"{self.run_folder}/report.html\n", done.stderr)
        names = self.complete()
        self.assertIn("report.html", names)
        self.assertIn("details/claims-checked.md", names)
        self.assertEqual(json.loads((self.run_folder / "report.json").read_text(encoding="utf-8"))["schema"], 1)
        self.assertNotIn("figures/earlier.svg", names)
        first = {name: (self.run_folder / name).read_bytes() for name in names}
        self.assertEqual(report(self.run_folder).returncode, 0)
        self.assertEqual(first, {name: (self.run_folder / name).read_bytes() for name in self.complete()})

    def test_without_the_packages_report_md_is_whole(self):
        for module, package in (("matplotlib", "python3-matplotlib"), ("jinja2", "python3-jinja2")):
            with self.subTest(module):
                self.leave_an_earlier_page()
                done = report(self.run_folder, self.with_package(module, "raise ImportError('planted')\n"))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stderr.count(package), 1, done.stderr)
                self.assertEqual(done.stdout, f"{self.run_folder}/report.md\n")
                self.assertEqual("report.html" in self.complete(), module == "matplotlib")

    def test_a_script_that_fails_leaves_nothing_of_the_page(self):
        self.leave_an_earlier_page()
        done = report(self.run_folder, self.with_package("jinja2", "raise ValueError('planted')\n"))
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("page.py: ValueError: planted", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(done.stdout, "")
        names = self.complete()
        self.assertIn("report.md", names)
        self.assertEqual({name for name in names if name.endswith((".html", ".svg", ".png"))}, set())

    def test_what_the_environment_tells_python_is_not_heard(self):
        done = report(self.run_folder, PYTHONPATH=str(self.module("json", "raise ValueError('planted')\n")), PYTHONHOME="/nowhere")
        self.assertEqual((done.returncode, done.stdout), (0, f"{self.run_folder}/report.md\n"), done.stderr)
        self.assertIn("report.html", self.complete())

    def test_a_run_that_is_refused_is_left_as_it_was(self):
        self.leave_an_earlier_page()
        with open(self.run_folder / "observations.csv", "a", encoding="utf-8") as file:
            file.write("\n")
        self.assertEqual(report(self.run_folder).returncode, 3)
        self.assertTrue((self.run_folder / "report.html").exists())


if __name__ == "__main__":
    tare.main()
